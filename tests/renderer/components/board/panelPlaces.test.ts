import { describe, expect, it } from "vitest";

import { movePlace, type PanelPlace, settlePlaces, stepPlace } from "#renderer/components/board/panelPlaces.ts";

const place = (id: string, more: Partial<PanelPlace> = {}): PanelPlace => ({
  id,
  isHidden: false,
  isLarge: false,
  ...more,
});
const places = ["a", "b", "c", "d"].map((id) => place(id));
const idsOf = (list: readonly PanelPlace[]): string => list.map(({ id }) => id).join("");

describe("the places of panels", () => {
  it("are as remembered, without panels that are gone and with new ones behind those that they follow", () => {
    const remembered = [place("gone"), place("c", { isLarge: true }), place("a", { isHidden: true })];
    expect(settlePlaces(["a", "b", "c", "d"], remembered)).toEqual([
      place("c", { isLarge: true }),
      place("d"),
      place("a", { isHidden: true }),
      place("b"),
    ]);
  });

  it("are in the panels' own order where nothing is remembered", () => {
    expect(idsOf(settlePlaces(["a", "b"], []))).toBe("ab");
    expect(idsOf(settlePlaces(["a", "b"], [place("b"), place("b")]))).toBe("ab");
  });

  it("make room for a panel that is moved onto another, from either side", () => {
    expect(idsOf(movePlace(places, "a", "c"))).toBe("bcad");
    expect(idsOf(movePlace(places, "d", "b"))).toBe("adbc");
    expect(movePlace(places, "a", "a")).toBe(places);
    expect(movePlace(places, "a", "nowhere")).toBe(places);
  });

  it("step past hidden panels, and stop at both ends", () => {
    const some = [place("a"), place("b", { isHidden: true }), place("c"), place("d")];
    expect(idsOf(stepPlace(some, "c", -1))).toBe("cabd");
    expect(idsOf(stepPlace(some, "a", 1))).toBe("bcad");
    expect(stepPlace(some, "a", -1)).toBe(some);
    expect(stepPlace(some, "d", 1)).toBe(some);
  });
});
