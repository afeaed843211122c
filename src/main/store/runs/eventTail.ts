import { type FileHandle, open } from "node:fs/promises";

import { getErrorCode, toDiskError } from "#main/files/diskError.ts";
import type { EventOf, RunEvent } from "#shared/runs/runEvent.ts";

import { parseEventLine } from "./eventLog.ts";

/** Reads an events.jsonl as it grows, whichever process writes it. */
export interface EventTail {
  /** Reads the whole lines that were added since the last call, some thousand at a time; damaged ones are passed over. */
  readMore(onEvents: (events: readonly RunEvent[]) => void): Promise<void>;
  /** Where the next line to read begins, in bytes. */
  getOffset(): number;
  /** Passes over lines that are known already. Not to be called while reading. */
  skipTo(end: number): void;
}

const NEWLINE = 0x0a;
/** Steps are told often: the end of a file of events has one, unless the run never came to it. */
const LAST_STEP_BYTES = 64 * 1024;
/** Some thousand lines: parsing them holds up nothing for long. */
const CHUNK_BYTES = 1024 ** 2;

/** Begins at the file's beginning. */
export function openEventTail(file: string): EventTail {
  let offset = 0;
  return {
    readMore: async (onEvents) => {
      const handle = await openToRead(file);
      try {
        for (;;) {
          const { lines, length } = await readLines(handle, offset);
          if (length === 0) return;
          offset += length;
          onEvents(lines.flatMap((line) => parseEventLine(line) ?? []));
        }
      } finally {
        await handle.close();
      }
    },
    getOffset: () => offset,
    skipTo: (end) => void (offset = end),
  };
}

/** Finds the last step event near the end of an events.jsonl, or null. Throws LabError where the file cannot be read. */
export async function readLastStep(file: string): Promise<EventOf<"step"> | null> {
  try {
    const handle = await open(file, "r");
    try {
      const { size } = await handle.stat();
      const bytes = Buffer.alloc(Math.min(size, LAST_STEP_BYTES));
      await handle.read(bytes, 0, bytes.length, size - bytes.length);
      const events = bytes.toString("utf8").split("\n").map(parseEventLine);
      return events.findLast((event) => event?.type === "step") ?? null;
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (getErrorCode(cause) === "ENOENT") return null;
    throw toDiskError(`read ${file}`, cause);
  }
}

/** Reads whole lines from an offset; no length where not even one line is whole yet. */
async function readLines(handle: FileHandle, offset: number): Promise<{ lines: readonly string[]; length: number }> {
  for (let room = CHUNK_BYTES; ; room *= 2) {
    const bytes = Buffer.alloc(room);
    const { bytesRead } = await handle.read(bytes, 0, room, offset);
    const end = bytes.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (end !== -1) return { lines: bytes.toString("utf8", 0, end).split("\n"), length: end + 1 };
    if (bytesRead < room) return { lines: [], length: 0 };
  }
}

async function openToRead(file: string): Promise<FileHandle> {
  return open(file, "r").catch((cause: unknown) => {
    throw toDiskError(`read ${file}`, cause);
  });
}
