import { appendFileSync } from "node:fs";

import type { EngineFacts } from "#shared/api/doctor.ts";

import { engineInWords } from "./environment.ts";

/** The log.txt of a run: what a person reads to find out what went on, a time before each entry. */
export interface RunLog {
  /** Appends an entry. The run does not depend on it: what cannot be written is told elsewhere. */
  readonly add: (entry: string) => void;
}

/** Opens the log of a run; nothing is kept open. */
export function openRunLog(file: string, onTrouble: (message: string) => void): RunLog {
  return {
    add: (entry) => {
      try {
        appendFileSync(file, `${new Date().toISOString()} ${entry}\n`);
      } catch (error) {
        onTrouble(`${file}: ${error instanceof Error ? error.message : String(error)}; it was to say: ${entry}`);
      }
    },
  };
}

/** Describes an engine as fully as a report of trouble needs it. */
export function engineForLog(facts: EngineFacts): string {
  const routes = facts.routes.map(({ route, ok, detail }) => `${route} ${ok ? "works" : "failed"}: ${detail}`);
  const dilation = `dilated convolution ${facts.dilatedConvolution.replaceAll("_", " ")}`;
  return [`engine: ${engineInWords(facts)}, ${dilation}`, ...routes].join("; ");
}
