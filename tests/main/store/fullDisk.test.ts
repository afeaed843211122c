import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { openEventLog, readEvents } from "#main/store/runs/eventLog.ts";
import { openStore } from "#main/store/openStore.ts";
import { createRunFolder } from "#main/store/runs/runFolder.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { buildCard, buildManifest, buildStatus } from "#tests/helpers/runFixtures.ts";
import { mountSmallDisk, unmountSmallDisk } from "#tests/helpers/smallDisk.ts";

const DISK_KB = 600;
const disk = await mkdtemp(join(tmpdir(), "hinas-full-"));
const isMounted = mountSmallDisk(disk, DISK_KB);
afterAll(async () => {
  if (isMounted) unmountSmallDisk(disk);
  await rm(disk, { recursive: true });
});

describe.skipIf(!isMounted)("on a full disk (skipped where no small disk can be mounted)", () => {
  beforeAll(async () => {
    await writeFile(join(disk, "old.bin"), "old");
  });

  it("a file is not replaced by a part of the new one", async () => {
    const writing = writeFileAtomically(join(disk, "old.bin"), new Uint8Array(DISK_KB * 1024));
    await expect(writing).rejects.toMatchObject({
      kind: "disk",
      message: expect.stringContaining("the disk is full") as string,
    });
    expect(readFileSync(join(disk, "old.bin"), "utf8")).toBe("old");
    expect(readdirSync(disk)).toEqual(["old.bin"]);
  });

  it("the event log refuses the line that does not fit and keeps the others whole", async () => {
    const file = join(disk, "events.jsonl");
    const log = openEventLog(file);
    const line: RunEvent = { time: "2026-01-02T03:04:05.000Z", type: "log", level: "info", message: "m".repeat(5_000) };
    let written = 0;
    const fill = (): void => {
      for (;;) {
        log.append(line);
        written += 1;
      }
    };
    expect(fill).toThrow(expect.objectContaining({ kind: "disk" }));
    expect(written).toBeGreaterThan(10);
    expect(readEvents(file)).toEqual(Array(written).fill(line));
    log.close();
    await rm(file);
  });

  it("no run folder is left half-made", async () => {
    await writeFile(join(disk, "filling.bin"), new Uint8Array((DISK_KB - 12) * 1024));
    await expect(createRunFolder(disk, buildManifest("A1"), buildStatus())).rejects.toMatchObject({ kind: "disk" });
    expect(readdirSync(disk).toSorted()).toEqual(["filling.bin", "old.bin"]);
    await rm(join(disk, "filling.bin"));
  });

  it("the index says so and can be read on", () => {
    const store = openStore(disk);
    store.datasets.put({ ...buildCard(), name: "first" });
    const fill = (): void => {
      for (let i = 0; ; i += 1) store.datasets.put({ ...buildCard(), name: `more ${i}`, stamp: "s".repeat(5_000) });
    };
    expect(fill).toThrow(expect.objectContaining({ kind: "disk" }));
    expect(store.datasets.find("first")).toEqual({ ...buildCard(), name: "first" });
    store.close();
  });
});
