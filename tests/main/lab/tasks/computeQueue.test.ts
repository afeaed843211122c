import { describe, expect, it, onTestFinished } from "vitest";

import { createComputeQueue } from "#main/lab/tasks/computeQueue.ts";

function open() {
  const queue = createComputeQueue({ log: () => undefined });
  onTestFinished(() => queue.close());
  const order: string[] = [];
  /** A job that says when it begins and ends, and ends when it is told to. */
  const start = (name: string, signal: AbortSignal | null = null) => {
    let end = (): void => undefined;
    const until = new Promise<void>((resolve) => (end = resolve));
    const done = queue.use({}, signal, async () => {
      order.push(`${name} begins`);
      await until;
      order.push(`${name} ends`);
      return name;
    });
    return { end: () => end(), done };
  };
  return { queue, order, start };
}

describe("the queue for the compute process", () => {
  it("lets one job after the other have the process, in the order of asking", async () => {
    const { order, start } = open();
    const [first, second] = [start("first"), start("second")];
    second.end();
    await expect.poll(() => order).toEqual(["first begins"]);
    first.end();
    expect(await Promise.all([first.done, second.done])).toEqual(["first", "second"]);
    expect(order).toEqual(["first begins", "first ends", "second begins", "second ends"]);
  });

  it("goes on with the next job where one has failed", async () => {
    const { queue, start } = open();
    const failing = queue.use({}, null, () => Promise.reject(new Error("no")));
    const next = start("next");
    next.end();
    await expect(failing).rejects.toThrow("no");
    expect(await next.done).toBe("next");
  });

  it("gives up a job at once that is stopped before its turn, and never begins it", async () => {
    const { order, start } = open();
    const stop = new AbortController();
    const [first, second, third] = [start("first"), start("second", stop.signal), start("third")];
    stop.abort();
    await expect(second.done).rejects.toMatchObject({ kind: "interrupted", message: expect.stringContaining("turn") });
    first.end();
    third.end();
    await third.done;
    expect(order).not.toContain("second begins");
  });

  it("leaves the process to a stopped job until that has ended", async () => {
    const { order, start } = open();
    const stop = new AbortController();
    const [first, second] = [start("first", stop.signal), start("second")];
    await expect.poll(() => order).toEqual(["first begins"]);
    stop.abort();
    second.end();
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual(["first begins"]);
    first.end();
    expect(await first.done).toBe("first");
    expect(await second.done).toBe("second");
  });

  it("refuses jobs that come to their turn after it was closed", async () => {
    const { queue, start } = open();
    const [first, second] = [start("first"), start("second")];
    await queue.close();
    first.end();
    await expect(second.done).rejects.toMatchObject({
      kind: "interrupted",
      message: expect.stringContaining("closed"),
    });
  });
});
