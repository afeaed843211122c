import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, utimes } from "node:fs/promises";
import { hostname } from "node:os";

import { describe, expect, it, onTestFinished } from "vitest";

import { createRunRecorder } from "#main/lab/runs/runRecorder.ts";
import { createRunNews } from "#main/lab/runs/jobContext.ts";
import { examineProcess, identifyProcess, isFresh } from "#main/files/processIdentity.ts";
import { openStore } from "#main/store/openStore.ts";
import { claimRun } from "#main/store/runs/claimRun.ts";
import type { RunStatus } from "#main/store/runs/runFiles.ts";
import { createRunFolder, readStatus, writeStatus } from "#main/store/runs/runFolder.ts";

import { makeFolder } from "#tests/helpers/labHome.ts";
import { buildManifest, buildStatus } from "#tests/helpers/runFixtures.ts";

const DAY_MS = 24 * 60 * 60_000;
const WATCH_MS = 500;
const at = (inMs: number): string => new Date(Date.now() + inMs).toISOString();
const ELSEWHERE = { pid: 1, startedAt: null, host: "another.example" };
/** This process as it sees itself where no system tells when it began. */
const UNKNOWN_START = { pid: process.pid, startedAt: null, host: hostname() };

async function makeRun(changes: Partial<RunStatus>) {
  return createRunFolder(await makeFolder(), buildManifest("A1"), buildStatus({ state: "running", ...changes }));
}

describe("a claim", () => {
  it.skipIf(process.platform !== "linux")("ends the compute process that a killed owner left behind", async () => {
    // It hears nothing, as in the middle of an op.
    const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); for (;;);"]);
    onTestFinished(() => void child.kill("SIGKILL"));
    await once(child, "spawn");
    const worker = identifyProcess(child.pid ?? 0);
    const paths = await makeRun({ worker });
    const claimed = await claimRun(paths);
    expect(examineProcess(worker)).toBe("dead");
    expect(claimed).toMatchObject({ ownershipEpoch: 2, worker: null });
  });

  it("succeeds where the heartbeat of a dead owner is dated in the future", async () => {
    const paths = await makeRun({ owner: ELSEWHERE, heartbeatAt: at(30 * DAY_MS) });
    expect(await claimRun(paths, WATCH_MS)).toMatchObject({ state: "preparing", ownershipEpoch: 2 });
  });

  it.each([
    ["slept", -2 * 60_000],
    ["has a clock that goes ahead", 5_000],
    ["has a clock that is far off", 30 * DAY_MS],
  ])(
    "is refused where an owner that %s shows that it lives",
    async (_what, aheadMs) => {
      for (const owner of [UNKNOWN_START, ELSEWHERE]) {
        const paths = await makeRun({ owner, heartbeatAt: at(aheadMs) });
        const beating = setTimeout(() => {
          void readStatus(paths).then((status) => writeStatus(paths, { ...status, heartbeatAt: at(aheadMs + 1) }));
        }, WATCH_MS / 5);
        // A computer with much else to do writes a heartbeat late.
        await expect(claimRun(paths, 5 * WATCH_MS)).rejects.toMatchObject({ kind: "busy" });
        clearTimeout(beating);
      }
    },
    30_000,
  );

  it("is not kept off for ever by a lock from the future", async () => {
    const paths = await makeRun({});
    await mkdir(`${paths.folder}.lock`);
    await utimes(`${paths.folder}.lock`, new Date(at(30 * DAY_MS)), new Date(at(30 * DAY_MS)));
    expect(await claimRun(paths)).toMatchObject({ state: "preparing" });
  }, 20_000);
});

describe("a heartbeat", () => {
  it("counts for a minute, whichever of two clocks goes ahead", () => {
    const now = Date.now();
    expect([-59_000, 59_000].map((ms) => isFresh(new Date(now + ms).toISOString(), now))).toEqual([true, true]);
    expect([-61_000, 61_000].map((ms) => isFresh(new Date(now + ms).toISOString(), now))).toEqual([false, false]);
  });
});

describe("an owner whose run was taken up by another process", () => {
  it("writes nothing more: no status, no checkpoint, no end", async () => {
    const home = await makeFolder();
    const manifest = buildManifest("A1");
    const status = buildStatus({ state: "running", owner: UNKNOWN_START, heartbeatAt: at(-2 * 60_000) });
    const paths = await createRunFolder(home, manifest, status);
    const store = openStore(home);
    onTestFinished(() => store.close());
    const context = { log: expect.fail, runNews: createRunNews(), getStore: () => store };
    const recorder = createRunRecorder(context, paths, manifest, status);
    await recorder.settle();
    const claimed = await claimRun(paths, WATCH_MS);
    const busy = {
      kind: "busy",
      message: `${paths.folder}: another process took it up, so this one leaves it alone`,
    };
    // What a checkpoint waits for.
    await expect(recorder.settle()).rejects.toMatchObject(busy);
    await expect(recorder.save()).rejects.toMatchObject(busy);
    expect(recorder.isOwner()).toBe(false);
    recorder.abandon("another process took it up");
    expect(recorder.getSummary()).toMatchObject({ state: "interrupted", errorKind: "busy" });
    expect(await readStatus(paths)).toEqual(claimed);
    expect(await readFile(paths.events, "utf8")).toBe("");
  });
});
