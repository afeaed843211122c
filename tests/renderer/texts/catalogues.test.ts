import { describe, expect, it } from "vitest";

import { buildFormGroups } from "#renderer/components/settingsForm/formFields.ts";
import { CATALOGUES } from "#renderer/texts/texts.ts";

type Text = string | null | ((...values: unknown[]) => unknown);

/** What texts are given that need more than numbers or words; by the end of their path. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[][]>> = {
  "denoise.traits": [
    [{ imageChannels: 1, noiseMap: true, unshuffle: 2, trainedSigma255: { from: 7001, to: 7002 } }],
    [{ imageChannels: 3, noiseMap: true, unshuffle: 1, trainedSigma255: null }],
  ],
  "denoise.beyond": [[{ from: 7001, to: 7002 }]],
  "denoise.speeds": [[{ tensorflow: 7001, onnxruntime: 7002 }]],
  "settings.rebuiltProblems": [[["7001", "7002"]]],
  "cockpit.collapsedLayers": [[[7001]], [[7001, 7002]]],
  "cockpit.state": [["node_7001"], ["stem"]],
};

/** Lists every text of a catalogue by its path. */
function listTexts(part: unknown, path = ""): [string, Text][] {
  if (part === null || typeof part === "string" || typeof part === "function") return [[path, part as Text]];
  return Object.entries(part as object).flatMap(([name, each]) =>
    listTexts(each, path === "" ? name : `${path}.${name}`),
  );
}

/** What a text says for each set of values: many, one, and none of a thing. */
function say(path: string, text: Text): readonly string[] {
  if (typeof text !== "function") return [text ?? ""];
  const many = [7001, 7002, 7003, 7004].slice(0, text.length);
  const sets = ARGUMENTS[path] ?? [many, many.map(String), many.map(() => 1), many.map(() => 0)];
  return sets.map((values) => String(text(...values)));
}

function placeholdersOf(said: string): readonly string[] {
  return [...new Set(said.match(/700\d/g) ?? [])].sort();
}

const english = listTexts(CATALOGUES.en);

/** As `quick.search.yaml`. */
const PRESET_FILES = Object.keys(import.meta.glob("/resources/presets/*.yaml")).map(
  (path) => path.split("/").at(-1) ?? path,
);

/** All settings that a form has a field for, by path. */
const SETTINGS = (["search", "train"] as const).flatMap((kind) =>
  buildFormGroups(kind).flatMap(({ fields }) => fields.map(({ path }) => path)),
);

describe.each(["de", "zh"] as const)("the catalogue in %s", (language) => {
  const texts = new Map(listTexts(CATALOGUES[language]));

  it("has every text, and none that English has not", () => {
    expect([...texts.keys()].sort()).toEqual(english.map(([path]) => path).sort());
  });

  it("keeps every value that is put into a text", () => {
    const lost = english.flatMap(([path, text]) => {
      const here = say(path, texts.get(path) ?? null);
      return say(path, text).flatMap((said, index) => {
        const wanted = placeholdersOf(said).join(" ");
        const got = placeholdersOf(here[index] ?? "").join(" ");
        return wanted === got ? [] : [`${path}: ${wanted} became ${got}`];
      });
    });
    expect(lost).toEqual([]);
  });

  it("leaves no value and no text out", () => {
    const broken = english.flatMap(([path, text]) => {
      const said = say(path, texts.get(path) ?? null);
      const isBad = said.some((each) => /undefined|NaN|\[object/.test(each));
      const isEmpty = said.some((each) => each === "") && say(path, text).every((each) => each !== "");
      return isBad || isEmpty ? [path] : [];
    });
    expect(broken).toEqual([]);
  });

  it("names every setting of a form, and says what every preset is for", () => {
    const { settingNames, presetNames, presetTexts } = CATALOGUES[language].search;
    expect(SETTINGS.filter((path) => settingNames[path] === undefined)).toEqual([]);
    const presets = PRESET_FILES.map((file) => file.split(".")).filter(([name]) => !name?.startsWith("demo"));
    expect(presets.length).toBeGreaterThan(5);
    const unsaid = presets.filter(([name = "", kind = ""]) => {
      return presetNames[name] === undefined || presetTexts[`${kind}.${name}`] === undefined;
    });
    expect(unsaid).toEqual([]);
  });

  it("is a translation: long texts are not those of English", () => {
    const same = english.flatMap(([path, text]) =>
      typeof text === "string" && text.split(" ").length > 4 && texts.get(path) === text ? [path] : [],
    );
    expect(same).toEqual([]);
  });
});
