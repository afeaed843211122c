import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { claimRun } from "#main/store/runs/claimRun.ts";
import { getOwnIdentity, isAlive } from "#main/files/processIdentity.ts";
import {
  createRunFolder,
  getRunPaths,
  readControl,
  readManifest,
  readStatus,
  writeControl,
  writeStatus,
} from "#main/store/runs/runFolder.ts";
import { readRunSummary } from "#main/store/runs/runSummary.ts";

import { buildManifest, buildStatus } from "#tests/helpers/runFixtures.ts";
import { startScript } from "#tests/helpers/runInProcess.ts";

let runs = "";
beforeEach(async () => {
  runs = await mkdtemp(join(tmpdir(), "hinas-runs-"));
});
afterEach(async () => {
  await rm(runs, { recursive: true });
});

const now = () => new Date().toISOString();

describe("a run folder", () => {
  it("holds the configuration as YAML and JSON, and gives back manifest and status", async () => {
    const paths = await createRunFolder(runs, buildManifest("A1"), buildStatus());
    expect(paths.folder).toBe(join(runs, "run-A1"));
    expect(parse(await readFile(paths.config, "utf8"))).toEqual(buildManifest("A1").config);
    expect(await readManifest(paths)).toEqual(buildManifest("A1"));
    expect(await readStatus(paths)).toEqual(buildStatus());
    expect(await readdir(runs)).toEqual(["run-A1"]);
  });

  it("is not left behind half-made where its name is taken", async () => {
    await mkdir(join(runs, "run-A1"));
    await writeFile(join(runs, "run-A1", "mine.txt"), "keep");
    await expect(createRunFolder(runs, buildManifest("A1"), buildStatus())).rejects.toThrow();
    expect(await readdir(runs)).toEqual(["run-A1"]);
    expect(await readdir(join(runs, "run-A1"))).toEqual(["mine.txt"]);
  });

  it("passes on what people want of the run", async () => {
    const paths = await createRunFolder(runs, buildManifest("A1"), buildStatus());
    expect(await readControl(paths)).toBe("run");
    await writeControl(paths, "pause");
    expect(await readControl(paths)).toBe("pause");
  });

  it.each([
    ["empty", "", "must be JSON, got an empty file"],
    ["not JSON", "{oops", 'must be JSON, got "{oops"'],
    ["of an unknown state", JSON.stringify({ ...buildStatus(), state: "dancing" }), "state: "],
  ])("says what is wrong with a status that is %s", async (_title, text, message) => {
    const paths = await createRunFolder(runs, buildManifest("A1"), buildStatus());
    await writeFile(paths.status, text);
    await expect(readStatus(paths)).rejects.toMatchObject({ kind: "bad_data" });
    await expect(readStatus(paths)).rejects.toThrow(message);
    await expect(readStatus(paths)).rejects.toThrow(paths.status);
  });
});

describe("the state of a run", () => {
  it("is running while its owner lives", async () => {
    const status = buildStatus({ state: "running", owner: getOwnIdentity(), heartbeatAt: now() });
    const { folder } = await createRunFolder(runs, buildManifest("A1"), status);
    expect((await readRunSummary(folder)).state).toBe("running");
  });

  it("is interrupted once its owner was killed", async () => {
    const { child, ended } = startScript("process.stdin.resume();");
    const pid = child.pid ?? 0;
    const startedAt = process.platform === "linux" ? await readStartOf(pid) : null;
    const owner = { ...getOwnIdentity(), pid, startedAt };
    const paths = await createRunFolder(
      runs,
      buildManifest("A1"),
      buildStatus({ state: "running", step: 7, owner, heartbeatAt: now() }),
    );
    expect((await readRunSummary(paths.folder)).state).toBe("running");
    child.kill("SIGKILL");
    await ended;
    expect(await readRunSummary(paths.folder)).toMatchObject({
      state: "interrupted",
      reason: "the process that ran it ended at step 7",
    });
  });

  it.skipIf(process.platform !== "linux")(
    "is interrupted where its owner's number was given to another process",
    async () => {
      const owner = { ...getOwnIdentity(), startedAt: "another boot:1" };
      const status = buildStatus({ state: "paused", owner, heartbeatAt: now() });
      const { folder } = await createRunFolder(runs, buildManifest("A1"), status);
      expect((await readRunSummary(folder)).state).toBe("interrupted");
    },
  );

  it("stays finished whoever ran it", async () => {
    const { folder } = await createRunFolder(runs, buildManifest("A1"), buildStatus());
    expect((await readRunSummary(folder)).state).toBe("finished");
  });

  it("follows the heartbeat of an owner on another computer", () => {
    const elsewhere = { pid: 1, startedAt: null, host: "another.example" };
    const beat = "2026-01-02T03:04:05.000Z";
    expect(isAlive(elsewhere, beat, Date.parse(beat) + 10_000)).toBe(true);
    expect(isAlive(elsewhere, beat, Date.parse(beat) + 120_000)).toBe(false);
  });
});

describe("claimRun", () => {
  it("makes this process the owner of an interrupted run", async () => {
    const paths = await createRunFolder(runs, buildManifest("A1"), buildStatus({ state: "running" }));
    const claimed = await claimRun(paths);
    expect(claimed).toMatchObject({ state: "preparing", owner: getOwnIdentity(), step: 40 });
    expect(await readStatus(paths)).toEqual(claimed);
  });

  it("removes what a killed owner left half-written, and nothing that others may be writing", async () => {
    const paths = await createRunFolder(runs, buildManifest("A1"), buildStatus({ state: "running" }));
    const leftover = (name: string) => `.${name}.0123456789ab.tmp`;
    const left = [
      join(paths.checkpoints, leftover("last.safetensors")),
      join(paths.images, leftover("sample-noisy.png")),
    ];
    const kept = [
      join(paths.folder, leftover("control.json")),
      join(paths.evaluations, leftover("evaluation-1.json")),
      join(paths.checkpoints, "last.safetensors"),
    ];
    for (const file of [join(paths.folder, leftover("status.json")), ...left, ...kept]) await writeFile(file, "half");
    await claimRun(paths);
    const names = await readdir(paths.folder, { recursive: true });
    const found = names.map((name) => join(paths.folder, name)).filter((file) => /\.tmp$|\.safetensors$/.test(file));
    expect(found.toSorted()).toEqual(kept.toSorted());
  });

  it("refuses a run that a living process has", async () => {
    const paths = await createRunFolder(runs, buildManifest("A1"), buildStatus());
    await claimRun(paths);
    await expect(claimRun(paths)).rejects.toMatchObject({ kind: "busy" });
    await writeStatus(paths, { ...(await readStatus(paths)), state: "stopped" });
    await expect(claimRun(paths)).resolves.toMatchObject({ state: "preparing" });
  });

  it("lets exactly one of three processes have the run", async () => {
    const { folder } = await createRunFolder(runs, buildManifest("A1"), buildStatus({ state: "running" }));
    const script = `
      import { claimRun } from "#main/store/runs/claimRun.ts";
      import { getRunPaths } from "#main/store/runs/runFolder.ts";
      process.stdin.once("data", async () => {
        const answer = await claimRun(getRunPaths(process.argv[1])).then(() => "mine", (error) => error.kind);
        process.stdout.write(answer);
        process.stdin.once("data", () => process.exit(0));
      });
      process.stdout.write("ready ");`;
    const rivals = [1, 2, 3].map(() => startScript(script, folder));
    const next = () =>
      Promise.all(
        rivals.map(({ child }) => new Promise<string>((done) => child.stdout.once("data", (b) => done(String(b))))),
      );
    expect(await next()).toEqual(["ready ", "ready ", "ready "]);
    const answers = next();
    for (const { child } of rivals) child.stdin.write("go\n");
    expect((await answers).toSorted()).toEqual(["busy", "busy", "mine"]);
    for (const { child } of rivals) child.stdin.write("end\n");
    await Promise.all(rivals.map(({ ended }) => ended));
    expect(await readStatus(getRunPaths(folder))).toMatchObject({ state: "preparing" });
  });
});

/** An independent reading of a process's start: field 22 of /proc/pid/stat, for a name without brackets. */
async function readStartOf(pid: number): Promise<string> {
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return `${boot}:${stat.split(" ")[21] ?? ""}`;
}
