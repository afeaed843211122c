import {
  closeSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from "node:fs";
import { promisify } from "node:util";

import { toDiskError } from "#main/files/diskError.ts";
import { listCounting } from "#shared/runs/history/voiding.ts";
import { type RunEvent, runEventSchema } from "#shared/runs/runEvent.ts";

/** A line of an events.jsonl and where it lies in the file, in bytes. */
export interface EventLine {
  readonly event: RunEvent;
  readonly begin: number;
  readonly end: number;
}

/** The growing end of an events.jsonl; one process at a time holds it. */
export interface EventLog {
  /** Adds a line. When it returns, the line survives the end of this process. Throws LabError `disk`, leaving whole lines. */
  append(event: RunEvent): EventLine;
  /** Resolves when the lines so far survive a power cut too. Throws LabError `disk`. */
  sync(): Promise<void>;
  /** Also makes the lines survive a power cut. */
  close(): void;
}

const NEWLINE = 0x0a;
const syncFile = promisify(fsync);

/** Opens events.jsonl for more lines and first cuts a line that a crash left unfinished. Throws LabError. */
export function openEventLog(file: string): EventLog {
  const fd = attempt(`open ${file}`, () => openSync(file, "a+"));
  let size = attempt(`repair ${file}`, () => cutTornLine(fd));
  return {
    append: (event) => {
      const line = Buffer.from(`${JSON.stringify(event)}\n`);
      try {
        writeWhole(fd, line);
        const begin = size;
        size += line.length;
        return { event, begin, end: size };
      } catch (cause) {
        ftruncateSync(fd, size);
        throw toDiskError(`append to ${file}`, cause);
      }
    },
    sync: async () => {
      await syncFile(fd).catch((cause: unknown) => {
        throw toDiskError(`write ${file}`, cause);
      });
    },
    close: () => {
      attempt(`close ${file}`, () => fsyncSync(fd));
      closeSync(fd);
    },
  };
}

/**
 * Adds lines that another computer wrote to the copy of its events.jsonl, which ends at `begin` (bytes); what follows the last
 * newline is left for the next time. Returns the new end; where the copy ends elsewhere nothing is added. Throws LabError.
 */
export function appendEventLines(file: string, begin: number, bytes: Buffer): number {
  const fd = attempt(`open ${file}`, () => openSync(file, "a+"));
  try {
    const size = attempt(`repair ${file}`, () => cutTornLine(fd));
    const whole = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
    if (size !== begin || whole.length === 0) return size;
    attempt(`append to ${file}`, () => {
      writeWhole(fd, whole);
      fsyncSync(fd);
    });
    return size + whole.length;
  } finally {
    closeSync(fd);
  }
}

/**
 * Reads the events that count: what came after a checkpoint and was done again after a restart is left out. An unfinished
 * last line is ignored; a damaged line elsewhere shows as a warning in its place. Throws LabError `not_found` or `disk`.
 */
export function readEvents(file: string): RunEvent[] {
  const bytes = attempt(`read ${file}`, () => readFileSync(file));
  const events: RunEvent[] = [];
  let lineNumber = 0;
  for (let begin = 0, end = bytes.indexOf(NEWLINE); end !== -1; begin = end + 1, end = bytes.indexOf(NEWLINE, begin)) {
    lineNumber += 1;
    const time = events.at(-1)?.time ?? new Date(0).toISOString();
    events.push(parseEventLine(bytes.toString("utf8", begin, end)) ?? toDamageWarning(file, lineNumber, time));
  }
  return listCounting(events);
}

/** Reads one line of an events.jsonl; null for a damaged one. */
export function parseEventLine(line: string): RunEvent | null {
  try {
    const result = runEventSchema.safeParse(JSON.parse(line));
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

function toDamageWarning(file: string, lineNumber: number, time: string): RunEvent {
  return { time, type: "log", level: "warning", message: `${file}: line ${lineNumber} is damaged and was left out` };
}

/** A write may be shortened, by a full disk for one; the rest is tried until it fits or the error shows. */
function writeWhole(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(fd, bytes, written);
}

/** Cuts what stands after the last newline and returns the length in bytes that is left. */
function cutTornLine(fd: number): number {
  const { size } = fstatSync(fd);
  const chunk = Buffer.alloc(64 * 1024);
  for (let end = size; end > 0;) {
    const begin = Math.max(0, end - chunk.length);
    readSync(fd, chunk, 0, end - begin, begin);
    const newline = chunk.subarray(0, end - begin).lastIndexOf(NEWLINE);
    if (newline !== -1) return truncate(fd, size, begin + newline + 1);
    end = begin;
  }
  return truncate(fd, size, 0);
}

function truncate(fd: number, size: number, kept: number): number {
  if (kept < size) ftruncateSync(fd, kept);
  return kept;
}

function attempt<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw toDiskError(what, cause);
  }
}
