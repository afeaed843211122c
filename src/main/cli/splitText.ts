import { listParts, type RunSplit } from "#shared/runs/runSplit.ts";

/** Digits of a file's hash that are printed. */
const SHOWN_DIGITS = 12;

/** Writes a run's split for a terminal: how many photos each part has, and which, with the beginnings of their files' hashes. */
export function renderSplit(split: RunSplit | null): string {
  if (split === null) return "This run was begun before runs wrote down their split.";
  const parts = listParts(split);
  const lines = parts.flatMap(([part, names]) => [
    "",
    `${part}, ${names.length} ${names.length === 1 ? "photo" : "photos"}`,
    ...names.map((name) => `  ${[name, ...hashesOf(split, name)].join("  ")}`),
  ]);
  return [`split     ${split.sha256}`, ...lines].join("\n");
}

function hashesOf({ files }: RunSplit, name: string): readonly string[] {
  const hashes = files?.[name] ?? []; // none of drawn photos, and in files of the first versions
  return hashes.map((hash) => hash.slice(0, SHOWN_DIGITS));
}
