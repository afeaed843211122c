import { describe, expect, it } from "vitest";

import { writeDifference } from "#renderer/components/viewer/drawPane.ts";
import { listUrls } from "#renderer/components/viewer/pane.ts";

describe("difference", () => {
  it("is middle grey where nothing differs, and half the gain times the difference away from it elsewhere", () => {
    const of = Uint8ClampedArray.of(10, 60, 200, 255, 100, 100, 100, 255);
    writeDifference(of, Uint8ClampedArray.of(10, 50, 0, 255, 101, 99, 100, 255), 8);
    // 127.5 rounds to the even 128; 127.5 + 40 to 168 (167.5); 927.5 is clipped; 123.5 to 124; 131.5 to 132.
    expect([...of]).toEqual([128, 168, 255, 255, 124, 132, 128, 255]);
  });
});

describe("addresses of a pane", () => {
  const blend = (share: number) => ({ url: "/in", over: { url: "/out", share } });

  it("are both pictures of a blend, and only the one that is seen at its ends", () => {
    const list = (share: number) => listUrls({ kind: "picture", picture: blend(share) });
    expect(list(0.4)).toEqual(["/in", "/out"]);
    expect(list(0)).toEqual(["/in"]);
    expect(list(1)).toEqual(["/out"]);
  });

  it("are those of both sides of a wipe and of a difference", () => {
    const sides = { leftLabel: "", rightLabel: "", canMove: true };
    expect(listUrls({ kind: "wipe", left: { url: "/in" }, right: blend(1), ...sides })).toEqual(["/in", "/out"]);
    expect(listUrls({ kind: "difference", of: blend(1), from: { url: "/in" }, gain: 4 })).toEqual(["/out", "/in"]);
  });
});
