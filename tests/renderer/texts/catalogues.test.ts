import { describe, expect, it } from "vitest";

import { buildFormGroups, type FormField } from "#renderer/components/settingsForm/formFields.ts";
import { helpKeysOf } from "#renderer/components/settingsForm/settingNames.ts";
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

const GROUPS = (["search", "train"] as const).flatMap((kind) => buildFormGroups(kind));

/** All settings that a form has a field for; one that several variants have, as often. */
const FIELDS: readonly FormField[] = GROUPS.flatMap(({ fields }) => fields);

const HELP = "search.settingHelp.";

type Help = Readonly<Record<string, string | undefined>>;

function helpKeyOf(field: FormField, help: Help): string | undefined {
  return helpKeysOf(field).find((key) => help[key] !== undefined);
}

/** English has the help of most settings in their schemas. */
function englishHelpOf(field: FormField): string {
  const help = CATALOGUES.en.search.settingHelp;
  return help[helpKeyOf(field, help) ?? ""] ?? field.description ?? "";
}

/** Figures below one, as they are typed. */
function decimalsOf(text: string): string {
  return (text.match(/\b0\.\d+/g) ?? []).sort().join(" ");
}

describe.each(["de", "zh"] as const)("the catalogue in %s", (language) => {
  const texts = new Map(listTexts(CATALOGUES[language]));

  it("has every text, and none that English has not", () => {
    // The help of settings has a test of its own.
    const kept = [...texts.keys()].filter((path) => !path.startsWith(HELP));
    expect(kept.sort()).toEqual(
      english
        .map(([path]) => path)
        .filter((path) => !path.startsWith(HELP))
        .sort(),
    );
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
    expect(FIELDS.filter(({ path }) => settingNames[path] === undefined)).toEqual([]);
    const presets = PRESET_FILES.map((file) => file.split(".")).filter(([name]) => !name?.startsWith("demo"));
    expect(presets.length).toBeGreaterThan(5);
    const unsaid = presets.filter(([name = "", kind = ""]) => {
      return presetNames[name] === undefined || presetTexts[`${kind}.${name}`] === undefined;
    });
    expect(unsaid).toEqual([]);
  });

  it("says of every setting of a form what it is for, by no text for two meanings, and by none for no field", () => {
    const help: Help = CATALOGUES[language].search.settingHelp;
    const meanings = new Map<string, Set<string>>();
    const missing = FIELDS.flatMap((field) => {
      const meant = englishHelpOf(field);
      const key = helpKeyOf(field, help);
      if (key === undefined) return meant === "" ? [] : [helpKeysOf(field)[0]];
      meanings.set(key, (meanings.get(key) ?? new Set<string>()).add(meant));
      return help[key] === meant ? [key] : [];
    });
    expect(missing).toEqual([]);
    expect([...meanings].filter(([, meant]) => meant.size > 1)).toEqual([]);
    expect(Object.keys(help).filter((key) => !meanings.has(key))).toEqual([]);
    const changed = [...meanings].filter(([key, [meant = ""]]) => decimalsOf(help[key] ?? "") !== decimalsOf(meant));
    expect(changed).toEqual([]);
  });

  it("names every choice and every group of a form", () => {
    const { choices, groups } = CATALOGUES[language].search;
    const unnamed = FIELDS.flatMap(({ path, input }) =>
      input.kind === "choice" ? input.options.map((option) => [`${path}=${option}`, option] as const) : [],
    ).filter(([key, option]) => choices[key] === undefined && choices[option] === undefined);
    expect(unnamed).toEqual([]);
    expect(GROUPS.filter(({ path }) => groups[path === "" ? "general" : path] === undefined)).toEqual([]);
  });

  it("is a translation: long texts are not those of English", () => {
    const same = english.flatMap(([path, text]) =>
      typeof text === "string" && text.split(" ").length > 4 && texts.get(path) === text ? [path] : [],
    );
    expect(same).toEqual([]);
  });
});
