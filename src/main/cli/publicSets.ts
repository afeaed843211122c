import type { DatasetReport } from "#shared/api/datasets.ts";

import { EXIT_CODES, type ExitCode } from "./exitCodes.ts";
import { createProgress } from "./progress.ts";
import type { Session } from "./session.ts";
import { renderTable } from "./table.ts";

/** Prints the public sets that can be fetched, each with its use and licence. */
export async function listPublicSets({ openLab, terminal, json }: Session): Promise<ExitCode> {
  const sets = await (await openLab()).listPublicSets();
  if (json) {
    terminal.printJson(sets);
    return EXIT_CODES.good;
  }
  const columns = [
    { heading: "NAME", align: "left" },
    { heading: "PHOTOS", align: "right" },
    { heading: "MB", align: "right" },
    { heading: "HERE", align: "left" },
    { heading: "FOR", align: "left" },
  ] as const;
  const rows = sets.map((set) => [
    set.name,
    String(set.photos),
    String(set.megabytes),
    set.isHere ? "yes" : "no",
    set.use,
  ]);
  terminal.print(renderTable(columns, rows));
  terminal.print("");
  for (const { name, licence, page } of sets) terminal.print(`${name}: ${licence}; ${page}`);
  return EXIT_CODES.good;
}

/** Downloads a public set with progress, and tells what its checksum is worth. */
export async function fetchDataset(
  wish: { readonly name: string; readonly again: boolean },
  { openLab, terminal, json }: Session,
  print: (report: DatasetReport) => void,
): Promise<ExitCode> {
  const progress = createProgress(terminal);
  const lab = await openLab();
  const report = await lab
    .fetchDataset(wish, ({ done, total, unit, current }) =>
      progress.report({ label: `fetch ${wish.name}`, done, total, unit, detail: current?.name ?? "" }),
    )
    .finally(progress.clear);
  if (json) terminal.printJson(report);
  else print(report);
  if (report.download?.isCompared === true) terminal.say("The download is the one that was known before.");
  else if (report.download !== null) {
    terminal.say(
      "No checksum of this set was known, so that nothing could be compared; this one is kept, and later downloads must have it.",
    );
  }
  return EXIT_CODES.good;
}
