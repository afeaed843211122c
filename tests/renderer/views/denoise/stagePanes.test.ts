import { describe, expect, it } from "vitest";

import { buildPanes, listStageUrls, type StageLook, type StageResult } from "#renderer/views/denoise/stagePanes.ts";

const FIRST: StageResult = { key: "0", model: "small", input: "/in", output: "/out0", settled: null, clean: null };
const SECOND: StageResult = { key: "1", model: "large", input: "/in", output: "/out1", settled: null, clean: null };
const CLEAN: StageResult = { ...FIRST, clean: "/clean" };
const blended = (url: string, share: number) => ({ url: "/in", over: { url, share } });

function contentsOf(results: readonly StageResult[], chosen: StageResult, look: Partial<StageLook>) {
  const panes = buildPanes(results, chosen, { arrangement: "result", held: null, strength: 1, ...look });
  return panes.map(({ content }) => content);
}

describe("arrangements", () => {
  it("show the chosen network's result at the strength that is set", () => {
    const picture = blended("/out1", 0.4);
    expect(contentsOf([FIRST, SECOND], SECOND, { strength: 0.4 })).toEqual([{ kind: "picture", picture }]);
  });

  it("show what the lab blended at the strength at which the slider rests, and mix on screen while it moves", () => {
    const settled = { strength: 0.4, url: "/out1-at-0.4" };
    const shown = (strength: number) => contentsOf([SECOND], { ...SECOND, settled }, { strength });
    expect(shown(0.4)).toEqual([{ kind: "picture", picture: { url: "/out1-at-0.4" } }]);
    expect(shown(0.5)).toEqual([{ kind: "picture", picture: blended("/out1", 0.5) }]);
  });

  it("lay a part that is newer than the rest upon the result, not upon what went in", () => {
    const patch = { url: "/part", x: 3, y: 4, width: 5, height: 6 };
    const newer = { ...FIRST, patch };
    const right = { ...blended("/out0", 1), patch };
    expect(contentsOf([newer], newer, { arrangement: "wipe" })).toEqual([
      expect.objectContaining({ left: { url: "/in" }, right }),
    ]);
  });

  it("set what the network got to the left of a wipe whose line moves, and of a split whose line does not", () => {
    const sides = { kind: "wipe", left: { url: "/in" }, right: blended("/out0", 1) };
    expect(contentsOf([FIRST], FIRST, { arrangement: "wipe" })).toEqual([
      expect.objectContaining({ ...sides, canMove: true }),
    ]);
    expect(contentsOf([FIRST], FIRST, { arrangement: "split" })).toEqual([
      expect.objectContaining({ ...sides, canMove: false }),
    ]);
  });

  it("show every network on a contact sheet, behind the noisy photo", () => {
    const pictures = [{ url: "/in" }, blended("/out0", 1), blended("/out1", 1)];
    expect(contentsOf([FIRST, SECOND], FIRST, { arrangement: "sheet" })).toEqual(
      pictures.map((picture) => ({ kind: "picture", picture })),
    );
  });
});

describe("held keys", () => {
  it("show the photo as it came: without the noise where some was added", () => {
    const shown = (result: StageResult, held: "noisy" | "before") => contentsOf([result], result, { held });
    expect(shown(CLEAN, "noisy")).toEqual([{ kind: "picture", picture: { url: "/in" } }]);
    expect(shown(CLEAN, "before")).toEqual([{ kind: "picture", picture: { url: "/clean" } }]);
    expect(shown(FIRST, "before")).toEqual([{ kind: "picture", picture: { url: "/in" } }]);
  });

  it("show the error where the clean photo is known, and else what was taken away", () => {
    const difference = (result: StageResult) => contentsOf([result], result, { held: "difference", strength: 0.5 });
    expect(difference(CLEAN)).toEqual([
      { kind: "difference", of: blended("/out0", 0.5), from: { url: "/clean" }, gain: 8 },
    ]);
    expect(difference(FIRST)).toEqual([
      { kind: "difference", of: blended("/out0", 0.5), from: { url: "/in" }, gain: 4 },
    ]);
  });

  it("call up only pictures that are kept at hand", () => {
    expect(listStageUrls([CLEAN, SECOND])).toEqual(["/in", "/out0", "/clean", "/out1"]);
  });
});
