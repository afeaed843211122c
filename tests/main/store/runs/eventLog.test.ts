import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { dropCancelled, openEventLog, readEvents } from "#main/store/runs/eventLog.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { startScript } from "#tests/helpers/runInProcess.ts";

let folder = "";
let file = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hinas-events-"));
  file = join(folder, "events.jsonl");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const time = "2026-01-02T03:04:05.000Z";
const log = (message: string): RunEvent => ({ time, type: "log", level: "info", message });
const checkpoint = (step: number): RunEvent => ({ time, type: "checkpoint", step, kind: "last", file: "c" });
const resumed = (step: number): RunEvent => ({ time, type: "resumed", step });

function append(...events: readonly RunEvent[]): void {
  const events$ = openEventLog(file);
  for (const event of events) events$.append(event);
  events$.close();
}

describe("the event log", () => {
  it("gives back what was appended, over several openings", () => {
    append(log("one"), log("zwei: äöü"));
    append(checkpoint(3));
    expect(readEvents(file)).toEqual([log("one"), log("zwei: äöü"), checkpoint(3)]);
  });

  it("ignores a last line that a crash tore, and cuts it before the next line", async () => {
    append(log("one"));
    await appendFile(file, JSON.stringify(log("torn")).slice(0, -5));
    expect(readEvents(file)).toEqual([log("one")]);
    append(log("two"));
    expect(await readFile(file, "utf8")).toBe(`${JSON.stringify(log("one"))}\n${JSON.stringify(log("two"))}\n`);
  });

  it("cuts a torn line that is longer than one read of the file", async () => {
    append(log("one"));
    await appendFile(file, "x".repeat(200_000));
    append(log("two"));
    expect(readEvents(file)).toEqual([log("one"), log("two")]);
  });

  it("starts anew where nothing but a torn line is left", async () => {
    await writeFile(file, "x".repeat(100_000));
    append(log("one"));
    expect(readEvents(file)).toEqual([log("one")]);
  });

  it("shows a damaged line in the middle as a warning in its place", async () => {
    append(log("one"));
    await appendFile(file, '{"type":"step"}\n\0\0\0\n');
    append(log("two"));
    expect(readEvents(file)).toEqual([
      log("one"),
      { time, type: "log", level: "warning", message: `${file}: line 2 is damaged and was left out` },
      { time, type: "log", level: "warning", message: `${file}: line 3 is damaged and was left out` },
      log("two"),
    ]);
  });

  it("says that the file is missing", () => {
    expect(() => readEvents(file)).toThrow(expect.objectContaining({ name: "LabError", kind: "not_found" }));
  });

  it("keeps whole lines of a process that is killed at any instant", async () => {
    const script = `
      import { openEventLog } from "#main/store/runs/eventLog.ts";
      const log = openEventLog(process.argv[1]);
      const message = "m".repeat(300);
      let step = 0;
      setInterval(() => {
        for (let i = 0; i < 20; i += 1) {
          step += 1;
          log.append({ time: "${time}", type: "checkpoint", step, kind: "last", file: message });
          process.stdout.write(step + "\\n");
        }
      });`;
    const { child, ended } = startScript(script, file);
    let seen = "";
    for await (const chunk of child.stdout) {
      seen += String(chunk);
      if (seen.length > 2_000) child.kill("SIGKILL");
    }
    await ended;
    const lastSeen = Number(
      seen
        .trimEnd()
        .split("\n")
        .at(seen.endsWith("\n") ? -1 : -2),
    );
    const steps = readEvents(file).map((event) => ("step" in event ? event.step : 0));
    expect(steps.length).toBeGreaterThanOrEqual(lastSeen);
    expect(steps).toEqual(steps.map((_, index) => index + 1));
  });
});

describe("dropCancelled", () => {
  it("leaves out what was done after the checkpoint that a restart began from", () => {
    const events = [checkpoint(1), checkpoint(2), checkpoint(3), log("killed"), resumed(2), checkpoint(3)];
    expect(dropCancelled(events)).toEqual([checkpoint(1), checkpoint(2), log("killed"), resumed(2), checkpoint(3)]);
  });

  it("lets a later restart from an earlier step cancel what an earlier restart had kept", () => {
    const events = [checkpoint(1), checkpoint(2), resumed(2), checkpoint(3), resumed(1), checkpoint(2)];
    expect(dropCancelled(events)).toEqual([checkpoint(1), resumed(2), resumed(1), checkpoint(2)]);
  });

  it("shows the same steps as an unbroken run, whatever restarts there were", () => {
    const anyRestarts = fc.array(fc.tuple(fc.integer({ min: 1, max: 8 }), fc.nat(8)), { maxLength: 5 });
    fc.assert(
      fc.property(anyRestarts, (restarts) => {
        const events: RunEvent[] = [];
        let step = 0;
        for (const [done, back] of restarts) {
          for (let i = 0; i < done; i += 1) events.push(checkpoint((step += 1)));
          step = Math.max(0, step - back);
          events.push(resumed(step));
        }
        while (step < 60) events.push(checkpoint((step += 1)));
        const steps = dropCancelled(events).flatMap((event) => (event.type === "checkpoint" ? [event.step] : []));
        expect(steps).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
      }),
    );
  });
});
