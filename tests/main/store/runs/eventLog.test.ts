import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { openEventLog, readEvents } from "#main/store/runs/eventLog.ts";
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

  it("says where each line lies in the file, so that a reader who has it can go on behind it", async () => {
    append(log("one"));
    const events = openEventLog(file);
    const lines = [events.append(log("zwei: äöü")), events.append(checkpoint(3))];
    events.close();
    const bytes = await readFile(file);
    for (const { event, begin, end } of lines) {
      expect(bytes.toString("utf8", begin, end)).toBe(`${JSON.stringify(event)}\n`);
    }
  });

  it("leaves out what a restart made void", () => {
    append(checkpoint(1), checkpoint(2), { time, type: "resumed", step: 1 }, checkpoint(2));
    expect(readEvents(file)).toEqual([checkpoint(1), { time, type: "resumed", step: 1 }, checkpoint(2)]);
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
