import type { LeakReport } from "#shared/api/datasets.ts";
import { describeOverlap } from "#shared/runs/startOverlap.ts";

import type { Session } from "./session.ts";
import { renderTable } from "./table.ts";

/** Prints which photos of a test are the same pictures as some that are learnt from. */
export function printLeaks(report: LeakReport, { terminal, json }: Pick<Session, "terminal" | "json">): void {
  if (json) {
    terminal.printJson(report);
    return;
  }
  const { pairs, compared, leftOut, training, test, start } = report;
  if (pairs.length > 0) {
    const columns = ["TEST", "TRAINING"].map((heading) => ({ heading, align: "left" }) as const);
    const rows = pairs.map((pair) => [pair.test, pair.training, String(pair.bits)]);
    terminal.print(renderTable([...columns, { heading: "BITS OF 256", align: "right" }], rows));
  }
  const seen = pairs.length === 1 ? "1 photo was" : `${pairs.length} photos were`;
  terminal.print(`Of ${compared.test} photos of ${test}, ${seen} found among ${compared.training} of ${training}.`);
  for (const overlap of start) terminal.print(`Beware: ${describeOverlap(overlap)}.`);
  if (leftOut > 0) terminal.say(`${leftOut} photos are flat, drawn or cannot be read, and were left out.`);
}
