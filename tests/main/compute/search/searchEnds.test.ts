import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runSearch } from "#main/compute/search/searchLoop.ts";
import type { ComputeEvent } from "#shared/runs/runEvent.ts";

import { makeContext, makeRunFolder, readAll, useTensorIdsFrom, withoutScore } from "#tests/main/compute/job/jobs.ts";

import { configOf, typesOf } from "./tinySearch.ts";

/** A search by `configOf()` that nothing interrupted: what it told, and its last checkpoint. */
let unbroken: { events: readonly ComputeEvent[]; last: Awaited<ReturnType<typeof readAll>> };

beforeAll(async () => {
  const context = await makeContext();
  const folder = await makeRunFolder(afterAll);
  await runSearch(context, { config: configOf(), folder, resume: false });
  unbroken = { events: context.events, last: await readAll(folder) };
});

describe("a search that is held up or ends early", () => {
  it("saves while it is paused, waits, and then goes on to the same numbers", async () => {
    const config = configOf({ checkpointEverySteps: 100 });
    const folder = await makeRunFolder();
    const paused: number[] = [];
    const context = await makeContext((event, control) => {
      if (event.type === "arch" && event.epoch === 2) control.set("pause");
      if (event.type === "checkpoint" && control.isPaused && event.kind === "last") {
        paused.push(event.step);
        if (paused.length === 2)
          setImmediate(() => {
            control.set("run");
          });
      }
    });
    await runSearch(context, { config, folder, resume: false });
    expect(paused).toEqual([4, 4]);
    expect(await readAll(folder)).toEqual(unbroken.last);
  });

  it("ends as diverged where the loss is not finite", async () => {
    const config = configOf({ weights: { learningRate: 1e30, minLearningRate: 1e30 } });
    const outcome = await runSearch(await makeContext(), { config, folder: await makeRunFolder(), resume: false });
    expect(outcome).toMatchObject({ kind: "diverged", quantity: "loss" });
  });

  it("ends as diverged where weights are not finite, and leaves the last good checkpoint alone", async () => {
    const folder = await makeRunFolder();
    const context = await makeContext((event, control) => {
      if (event.type === "checkpoint" && event.step === 3) control.set("stop");
    });
    await runSearch(context, { config: configOf(), folder, resume: false });
    const good = await readAll(folder);
    const config = configOf({ validateFromEpoch: 4, weights: { learningRate: 1e39, minLearningRate: 1e39 } });
    const outcome = await runSearch(await makeContext(), { config, folder, resume: true });
    expect(outcome).toEqual({ kind: "diverged", step: 4, quantity: "weights" });
    expect(await readAll(folder)).toEqual(good);
  });

  it("ends as diverged where the validation score is not finite, and tells no such score", async () => {
    const folder = await makeRunFolder();
    const context = withoutScore(await makeContext());
    const outcome = await runSearch(context, { config: configOf(), folder, resume: false });
    expect(outcome).toEqual({ kind: "diverged", step: 2, quantity: "validation score" });
    expect(typesOf(context.events)).toEqual(["arch"]);
  });

  it("saves and asks for a fresh process where tensor ids run out, which goes on to the same numbers", async () => {
    const config = configOf({ checkpointEverySteps: 100 });
    const folder = await makeRunFolder();
    useTensorIdsFrom(2 ** 30);
    const outcome = await runSearch(await makeContext(), { config, folder, resume: false });
    expect(outcome).toEqual({ kind: "restart", step: 1 });
    useTensorIdsFrom(1000);
    const context = await makeContext();
    await runSearch(context, { config, folder, resume: true });
    expect(context.events[0]).toEqual({ type: "resumed", step: 1 });
    expect(await readAll(folder)).toEqual(unbroken.last);
  });
});
