import { type FileHandle, open } from "node:fs/promises";

import { toDiskError } from "#main/files/diskError.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";

import { parseEventLine } from "./eventLog.ts";

/** Reads an events.jsonl as it grows, whichever process writes it. */
export interface EventTail {
  /** Reads the whole lines that were added since the last call, some thousand at a time; damaged ones are passed over. */
  readMore(onEvents: (events: readonly RunEvent[]) => void): Promise<void>;
}

const NEWLINE = 0x0a;
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
  };
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
