import { describe, expect, it } from "vitest";

import { pickCell } from "#main/lab/studies/pickCell.ts";
import { type CellProgress, NOT_BEGUN, type StudyCell } from "#shared/studies/study.ts";

interface Situation {
  readonly progress?: Readonly<Record<string, Partial<CellProgress>>>;
  readonly taken?: readonly string[];
  readonly at?: Readonly<Record<string, string>>;
}

/** Three cells and the control of the first one, at the sites east and west and here. */
function pick(place: string | null, { progress = {}, taken = [], at = {} }: Situation = {}): string {
  const cells = ["a", "b", "c", "control"].map((key) => {
    return { key, controlOf: key === "control" ? "a" : null } as StudyCell;
  });
  const picked = pickCell(
    {
      cells,
      getProgress: (key) => ({ ...NOT_BEGUN, ...progress[key] }),
      taken: new Set(taken),
      siteOf: (key) => at[key] ?? null,
      sites: new Set(["east", "west"]),
    },
    place,
  );
  return typeof picked === "string" ? picked : picked.key;
}

describe("the next cell of a place", () => {
  it("is the first that is free and not settled", () => {
    expect(pick("east")).toBe("a");
    expect(pick(null, { taken: ["a"], progress: { b: { state: "failed" } } })).toBe("c");
  });

  it("is one whose run is there already, and none that another site has", () => {
    expect(pick("west", { at: { a: "east", c: "west" } })).toBe("c");
    expect(pick(null, { at: { a: "east" } })).toBe("b");
  });

  it("may be one that a site has which the study no longer uses", () => {
    expect(pick(null, { at: { b: "north" } })).toBe("b");
  });

  it("is a control only when its partner has found something or never will", () => {
    const rest = { b: { state: "finished" }, c: { state: "finished" } } as const;
    expect(pick("east", { progress: rest, taken: ["a"] })).toBe("wait");
    expect(
      pick("east", { progress: { ...rest, a: { state: "running", genotypeHash: "0badf00d" } }, taken: ["a"] }),
    ).toBe("control");
    expect(pick("east", { progress: { ...rest, a: { state: "failed" } } })).toBe("control");
  });

  it("is none where nothing is left for that place", () => {
    const rest = { a: { state: "stopped" }, b: { state: "finished" } } as const;
    expect(pick("east", { progress: rest, taken: ["c", "control"] })).toBe("none");
    expect(pick("east", { progress: rest, taken: ["control"], at: { c: "west" } })).toBe("none");
  });
});
