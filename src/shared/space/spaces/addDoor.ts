import { at } from "#shared/at.ts";
import { type Frame, inputPlanes } from "#shared/space/graph/frame.ts";
import type { GraphDraft } from "#shared/space/graph/graphDraft.ts";

/** Adds the planes that come in, joined, and at half resolution where the frame says so. */
export function addDoor(draft: GraphDraft, frame: Frame): string {
  const planes = inputPlanes(frame).map(({ name, channels }) => draft.add(name, [], { kind: "input", channels }));
  const joined = planes.length === 1 ? at(planes, 0, "planes") : draft.add("planes", planes, { kind: "concat" });
  return frame.unshuffle === 1
    ? joined
    : draft.add("unshuffle", [joined], { kind: "unshuffle", block: frame.unshuffle });
}
