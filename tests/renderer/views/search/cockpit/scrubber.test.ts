import { describe, expect, it } from "vitest";
import { nextTick, shallowRef } from "vue";

import { initArchLogits } from "#shared/space/cells/archLogits.ts";
import { type ArchView, viewArch } from "#shared/space/cells/archView.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { useScrubber } from "#renderer/views/search/cockpit/useScrubber.ts";

const space = searchSpaceSchema.parse({ layers: 1, nodes: 1, widthFactors: [1] });
const viewOf = (epoch: number): ArchView =>
  viewArch({ time: new Date(epoch * 1000).toISOString(), step: epoch * 10, epoch, arch: initArchLogits(space) }, space);
const setup = (...epochs: number[]) => {
  const views = shallowRef<readonly ArchView[]>(epochs.map(viewOf));
  return { views, scrubber: useScrubber(views) };
};

describe("the scrubber", () => {
  it("follows the newest epoch until an earlier one is chosen, and stays there when new ones come", () => {
    const { views, scrubber } = setup(1, 2, 3);
    expect(scrubber.current.value?.epoch).toBe(3);
    scrubber.step(-1);
    views.value = [...views.value, viewOf(4)];
    expect([scrubber.current.value?.epoch, scrubber.isFollowing.value]).toEqual([2, false]);
  });

  it("follows again once it is moved to the newest epoch", () => {
    const { views, scrubber } = setup(1, 2);
    scrubber.goTo(0);
    scrubber.step(1);
    views.value = [...views.value, viewOf(3)];
    expect([scrubber.current.value?.epoch, scrubber.isFollowing.value]).toEqual([3, true]);
  });

  it("stops at both ends", () => {
    const { scrubber } = setup(1, 2);
    scrubber.step(-9);
    expect(scrubber.current.value?.epoch).toBe(1);
    scrubber.step(9);
    expect(scrubber.current.value?.epoch).toBe(2);
  });

  it("goes to the epoch nearest to a place on a chart", () => {
    const { scrubber } = setup(1, 2, 5, 9);
    scrubber.goToNearest(43, ({ step }) => step);
    expect(scrubber.current.value?.epoch).toBe(5);
  });

  it("follows the newest where a resumed run has lost the chosen epoch", async () => {
    const { views, scrubber } = setup(1, 2, 3);
    scrubber.goTo(1);
    views.value = [viewOf(1)];
    await nextTick();
    expect([scrubber.current.value?.epoch, scrubber.isFollowing.value]).toEqual([1, true]);
  });

  it("shows nothing before the first epoch", () => {
    expect(setup().scrubber.current.value).toBeNull();
  });
});
