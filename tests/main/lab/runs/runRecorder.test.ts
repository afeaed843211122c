import { mkdir, readFile } from "node:fs/promises";

import { describe, expect, it, onTestFinished } from "vitest";

import { openRunFeed } from "#main/lab/runs/runFeed.ts";
import { createRunFeeds } from "#main/lab/runs/runFeeds.ts";
import { createRunRecorder, type RunRecorder } from "#main/lab/runs/runRecorder.ts";
import { createRunNews, subscribe } from "#main/lab/runs/jobContext.ts";
import { getHomePaths } from "#main/store/labHome.ts";
import { openStore } from "#main/store/openStore.ts";
import { rebuildStore } from "#main/store/rebuildStore.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { createRunFolder } from "#main/store/runs/runFolder.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";
import type { ComputeEvent, RunEvent } from "#shared/runs/runEvent.ts";

import { makeFolder, openLab } from "#tests/helpers/labHome.ts";
import { candidateEvent, resumedEvent, stepEvent } from "#tests/helpers/runEvents.ts";
import { buildCandidate, buildManifest, buildStatus } from "#tests/helpers/runFixtures.ts";

const ID = "01JGKZ6DV0ABCDEFGHJKMNPQRS";

/** A run folder with its recorder, an index, and feeds whose look at files is never set going. */
async function openBooks() {
  const home = await makeFolder();
  const { runs } = getHomePaths(home);
  await mkdir(runs);
  const manifest = { ...buildManifest(ID), study: "S1" };
  const status = buildStatus({ state: "running", step: 0, best: null });
  const paths = await createRunFolder(runs, manifest, status);
  const store = openStore(home);
  store.runs.put(toRunSummary(paths.folder, manifest, status));
  const context = { log: expect.fail, runNews: createRunNews(), here: { find: () => null }, getStore: () => store };
  const feeds = createRunFeeds(context);
  onTestFinished(() => {
    feeds.close();
    store.close();
  });
  return { home, paths, store, context, feeds, open: () => createRunRecorder(context, paths, manifest, status) };
}

function recordAll(recorder: RunRecorder, events: readonly RunEvent[]): void {
  for (const event of events) recorder.record(event as ComputeEvent);
}

describe("the recorder of a run", () => {
  it("puts candidates and study in the index, just as a rebuild finds them, over restarts of the process", async () => {
    const { home, store, open } = await openBooks();
    const first = open();
    recordAll(first, [10, 20, 30].map(candidateEvent));
    await first.save();
    expect(store.candidates.listOfRun(ID)).toEqual([10, 20, 30].map(buildCandidate));
    recordAll(first, [resumedEvent(20), candidateEvent(25)]);
    await first.close();
    expect(store.candidates.listOfRun(ID)).toEqual([10, 20, 25].map(buildCandidate));
    const second = open();
    recordAll(second, [resumedEvent(10), candidateEvent(40)]);
    await second.close();
    const candidates = [10, 40].map(buildCandidate);
    expect(store.candidates.listOfRun(ID)).toEqual(candidates);
    expect(store.runs.find(ID)?.studyId).toBe("S1");
    await rebuildStore(home);
    const { lab } = openLab(home);
    expect(await lab.listCandidates(ID.slice(0, 8))).toEqual(candidates);
    expect((await lab.showRun(ID)).studyId).toBe("S1");
  });

  it("tells the milestones of a normal run in its log.txt", async () => {
    const { paths, open } = await openBooks();
    const recorder = open();
    const validation = { psnrDb: 27.125, ssim: 0.75, score: 1 };
    recordAll(recorder, [stepEvent(10), resumedEvent(5)]);
    for (const isBest of [true, false]) recorder.record({ type: "validation", step: 10, epoch: 1, validation, isBest });
    await recorder.setState("finished");
    await recorder.close();
    const lines = (await readFile(paths.log, "utf8")).trim().split("\n");
    expect(lines.map((line) => line.replace(/^\S+ /, ""))).toEqual([
      "went on from step 5",
      "validation: 27.13 dB, SSIM 0.7500 at step 10, the best so far",
      "validation: 27.13 dB, SSIM 0.7500 at step 10",
      "state: finished",
    ]);
  });

  it("goes on where an earlier process left off: its best so far stands until a restart makes it void", async () => {
    const { open } = await openBooks();
    const validation = (step: number, psnrDb: number): ComputeEvent => ({
      type: "validation",
      step,
      epoch: 1,
      validation: { psnrDb, ssim: 0.5, score: psnrDb },
      isBest: true,
    });
    const first = open();
    recordAll(first, [stepEvent(10)]);
    first.record(validation(10, 20));
    first.record(validation(20, 25));
    await first.close();
    const second = open();
    recordAll(second, [resumedEvent(20)]);
    expect(second.getSummary()).toMatchObject({ step: 20, secondsPerStep: 0.5, best: { step: 20, psnrDb: 25 } });
    recordAll(second, [resumedEvent(19)]);
    expect(second.getSummary()).toMatchObject({ step: 19, best: { step: 10, psnrDb: 20 } });
    await second.close();
  });

  it("tells an event once it is in the folder, to whoever listens to this run", async () => {
    const { context, paths, open } = await openBooks();
    const heard: RunEvent[] = [];
    const stop = subscribe(context, ID, (event) => {
      expect(readEvents(paths.events).at(-1)).toEqual(event);
      heard.push(event);
    });
    subscribe(context, "another run", () => expect.fail("heard of another run"));
    const recorder = open();
    recordAll(recorder, [1, 2].map(stepEvent));
    stop();
    recordAll(recorder, [stepEvent(3)]);
    await recorder.close();
    expect(heard.map((event) => event.type === "step" && event.step)).toEqual([1, 2]);
  });
});

describe("the feed of a run that this process is at work on", () => {
  const stepsOf = (events: readonly RunEvent[]) =>
    events.flatMap((event) => (event.type === "step" ? [event.step] : []));

  it("passes on each event at once, without a look at the file", async () => {
    const { feeds, paths, open } = await openBooks();
    const recorder = open();
    recordAll(recorder, [stepEvent(1)]);
    const feed = feeds.get(ID, paths.folder);
    await feed.refresh();
    const heard: RunEvent[] = [];
    feed.listen((events) => heard.push(...events));
    for (const step of [2, 3]) {
      recordAll(recorder, [stepEvent(step)]);
      expect(stepsOf(heard).at(-1)).toBe(step);
    }
    await recorder.close();
    await feed.refresh();
    expect(stepsOf(heard)).toEqual([2, 3]);
    expect(feed.getHistory(100).steps.step).toEqual([1, 2, 3]);
  });

  it("misses nothing and repeats nothing that is written while the file is being read", async () => {
    const { feeds, paths, open } = await openBooks();
    const recorder = open();
    recordAll(recorder, [1, 2, 3].map(stepEvent));
    const feed = feeds.get(ID, paths.folder);
    const heard: RunEvent[] = [];
    feed.listen((events) => heard.push(...events));
    const reading = feed.refresh();
    for (let step = 4; step <= 50; step += 1) {
      recordAll(recorder, [stepEvent(step)]);
      if (step % 5 === 0) await new Promise(setImmediate);
    }
    await reading;
    await expect.poll(() => stepsOf(heard).at(-1)).toBe(50);
    await recorder.close();
    await feed.refresh();
    expect(stepsOf(heard)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });

  it("knows the same as one that only reads the file, as another process does", async () => {
    const { feeds, paths, open } = await openBooks();
    const recorder = open();
    const own = feeds.get(ID, paths.folder);
    await own.refresh();
    recordAll(recorder, [stepEvent(1), stepEvent(2), resumedEvent(1), stepEvent(2)]);
    await recorder.close();
    const other = openRunFeed(paths.folder);
    await other.refresh();
    expect(other.getHistory(100)).toEqual(own.getHistory(100));
  });
});
