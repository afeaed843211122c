import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";

import { createOutbox } from "#main/api/outbox.ts";
import type { Updates } from "#shared/api/updates.ts";

import { candidateEvent, logEvent, stateEvent, stepEvent } from "#tests/helpers/runEvents.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Sent {
  readonly updates: Updates;
  readonly at: number;
  readonly answer: () => void;
  readonly fail: () => void;
}

/** An outbox whose window answers when it is told to. */
function open() {
  const sent: Sent[] = [];
  const outbox = createOutbox(
    (updates) =>
      new Promise((resolve, reject) => {
        sent.push({ updates, at: Date.now(), answer: resolve, fail: () => reject(new Error("gone")) });
      }),
  );
  onTestFinished(() => outbox.close());
  return { outbox, sent };
}

describe("an outbox", () => {
  it("sends what is gathered within a tenth of a second in one message", async () => {
    const { outbox, sent } = open();
    outbox.addNews("A", [stepEvent(1)]);
    outbox.add({ kind: "stale", topic: "datasets" });
    outbox.add({ kind: "stale", topic: "datasets" });
    outbox.addNews("A", [stepEvent(2)]);
    await vi.advanceTimersByTimeAsync(99);
    expect(sent).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent.map(({ updates }) => updates)).toEqual([
      {
        runs: [],
        removedRuns: [],
        news: [{ id: "A", events: [stepEvent(1), stepEvent(2)] }],
        tasks: [],
        dismissedTasks: [],
        stale: ["datasets"],
      },
    ]);
  });

  it("tells a window nothing of 5000 candidates, and all that comes between them", async () => {
    const { outbox, sent } = open();
    for (let step = 1; step <= 2_500; step += 1) outbox.addNews("A", [candidateEvent(step)]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent).toHaveLength(0);
    outbox.addNews("A", [stepEvent(1)]);
    outbox.addNews(
      "A",
      Array.from({ length: 2_500 }, (_, i) => candidateEvent(i)),
    );
    outbox.addNews("A", [stateEvent("finished")]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(sent.map(({ updates }) => updates.news)).toEqual([
      [{ id: "A", events: [stepEvent(1), stateEvent("finished")] }],
    ]);
  });

  it("waits for the answer before it sends again, merging what comes meanwhile, and then tells the end", async () => {
    const { outbox, sent } = open();
    outbox.addNews("A", [stepEvent(1)]);
    await vi.advanceTimersByTimeAsync(100);
    for (let step = 2; step <= 5_000; step += 1) outbox.addNews("A", [stepEvent(step)]);
    outbox.addNews("A", [logEvent("done"), stateEvent("finished")]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toHaveLength(1);
    sent[0]?.answer();
    await vi.advanceTimersByTimeAsync(100);
    const events = sent[1]?.updates.news[0]?.events ?? [];
    expect(events.length).toBeLessThanOrEqual(402);
    expect(events.slice(-3)).toEqual([stepEvent(5_000), logEvent("done"), stateEvent("finished")]);
  });

  it("sends at most ten messages a second to a window that answers at once", async () => {
    const { outbox, sent } = open();
    for (let step = 0; step < 1000; step += 1) {
      outbox.addNews("A", [stepEvent(step)]);
      await vi.advanceTimersByTimeAsync(1);
      sent.at(-1)?.answer();
    }
    expect(sent.length).toBeGreaterThan(7);
    expect(sent.length).toBeLessThanOrEqual(10);
    const steps = sent.flatMap(({ updates }) => updates.news.flatMap(({ events }) => events));
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, step) => stepEvent(step)));
  });

  it("sends nothing about a run that is no longer followed, and nothing once the window is gone", async () => {
    const { outbox, sent } = open();
    outbox.addNews("A", [stepEvent(1)]);
    outbox.addNews("B", [stepEvent(1)]);
    outbox.dropNews("A");
    await vi.advanceTimersByTimeAsync(100);
    expect(sent[0]?.updates.news.map(({ id }) => id)).toEqual(["B"]);
    sent[0]?.fail();
    await vi.advanceTimersByTimeAsync(100);
    outbox.addNews("B", [stepEvent(2)]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toHaveLength(1);
  });
});
