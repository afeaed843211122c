import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { mixColours, toReadableColour } from "#renderer/components/charts/chartColours.ts";
import { createDrawQueue } from "#renderer/components/charts/drawQueue.ts";

describe("the queue of charts", () => {
  /** Draws what a frame has room for, when the test says. */
  function createFrames() {
    const asked: (() => void)[] = [];
    return { request: (callback: () => void) => void asked.push(callback), next: () => asked.shift()?.(), asked };
  }
  const drawFor = (ms: number) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
  };

  it("draws what is quick in one frame, each once however often it was asked for", () => {
    const frames = createFrames();
    const queue = createDrawQueue(frames.request);
    const drawn: string[] = [];
    const first = () => void drawn.push("first");
    queue.add(first);
    queue.add(() => void drawn.push("second"));
    queue.add(first);
    frames.next();
    expect(drawn).toEqual(["first", "second"]);
    expect(frames.asked).toHaveLength(0);
  });

  it("leaves to the next frame what there is no time for", () => {
    const frames = createFrames();
    const queue = createDrawQueue(frames.request);
    const drawn: number[] = [];
    for (const name of [1, 2, 3]) {
      queue.add(() => {
        drawFor(10);
        drawn.push(name);
      });
    }
    frames.next();
    expect(drawn).toEqual([1]);
    frames.next();
    frames.next();
    expect(drawn).toEqual([1, 2, 3]);
  });

  it("forgets a chart that is gone", () => {
    const frames = createFrames();
    const queue = createDrawQueue(frames.request);
    const draw = () => expect.unreachable();
    queue.add(draw);
    queue.remove(draw);
    frames.next();
  });
});

describe("colours of cells", () => {
  it("mix channel by channel, from the first to the second", () => {
    expect([mixColours("#000000", "#ff8040", 0.5), mixColours("#fff", "#123456", 1)]).toEqual(["#804020", "#123456"]);
  });

  it("are always readable: the text stands out 4.5 to 1", () => {
    const channel = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(channel, channel, channel, (...rgb) => {
        const colour = `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
        const linear = rgb
          .map((value) => value / 255)
          .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        const luminance = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
        const contrast = toReadableColour(colour) === "#ffffff" ? 1.05 / (luminance + 0.05) : (luminance + 0.05) / 0.05;
        expect(contrast).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });
});
