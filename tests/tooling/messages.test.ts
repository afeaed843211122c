import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const SOURCES = join(import.meta.dirname, "../../src");
/** What people call their settings file and the wire of the contract, which no window shows. */
const ALLOWED: ReadonlySet<string> = new Set(["config", "wire"]);
/** The first text of a LabError, also where it stands on the next line or is kept under a name before. */
const THROWN = /new LabError\(\s*(?:"[a-z_]+"|[\w.]+),\s*["`]([^"`]*)/g;
const KEPT = /(?:const (?:what|message|failure|reason)\w*|\bwhat) =\s*["`]([^"`]*)/g;

/** Returns the place in the program with which a message begins; null where it begins with words, paths or settings. */
function findPlace(message: string): string | null {
  const [, word] = /^([a-z]\w*): /.exec(message) ?? [];
  return word === undefined || ALLOWED.has(word) ? null : word;
}

function listMessages(file: string): string[] {
  const text = readFileSync(join(SOURCES, file), "utf8");
  if (!text.includes("LabError")) return [];
  return [THROWN, KEPT].flatMap((pattern) => [...text.matchAll(pattern)].map(([, message = ""]) => message));
}

describe("messages for people", () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => /\.(ts|vue)$/.test(name));

  it("begin with what is wrong, never with the name of a function or a part of the program", () => {
    const places = files.flatMap((file) =>
      listMessages(file).flatMap((message) => (findPlace(message) === null ? [] : [`${file}: ${message}`])),
    );
    expect(places).toEqual([]);
  });

  it("stand in the window in words, never as a run, a study or a photo keeps them", () => {
    const raw = /\{\{\s*(?!words\.)[\w.]*\.(?:reason|error)\s*(?:\?\?[^}]*)?\}\}/g;
    const shown = files.flatMap((file) =>
      [...readFileSync(join(SOURCES, file), "utf8").matchAll(raw)].map(([all]) => `${file}: ${all}`),
    );
    expect(shown).toEqual([]);
  });

  it("are found where they are", () => {
    expect(files.flatMap(listMessages).length).toBeGreaterThan(150);
  });

  it.each([
    ["startDenoise: inputs must be given", "startDenoise"],
    ["resume: run 01 is finished", "resume"],
    ["training.steps: must be 1", null],
    ["training.steps must be 1", null],
    ["run 01 is finished", null],
    ["photo a.png: expected a photo", null],
    ["config: study.yaml line 3: no such axis", null],
  ])("tell the place in %j: %j", (message, place) => {
    expect(findPlace(message)).toBe(place);
  });
});
