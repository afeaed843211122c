import { readFileSync } from "node:fs";

/** Reads which instructions the processor has, by Linux's names, e.g. `avx2`; null where the system does not list them. */
export function readProcessorFlags(): ReadonlySet<string> | null {
  let text: string;
  try {
    text = readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return null;
  }
  const flags = /^flags\s*:\s*(.*)$/m.exec(text)?.[1];
  return flags === undefined ? null : new Set(flags.split(" "));
}

/**
 * Tells whether a processor with these instructions has all convolutions in bfloat16: oneDNN has them from AVX-512 on, and what
 * TensorFlow does without it refuses dilated ones and adds up in bfloat16. True where the instructions are not known.
 */
export function hasNarrowConvolutions(flags: ReadonlySet<string> | null): boolean {
  return flags?.has("avx512bw") ?? true;
}
