import type { StudyPlan } from "./study.ts";
import type { StudyResults } from "./studyResults.ts";

/** What stands where nothing was measured. */
const NOT_AVAILABLE = "n/a";

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};

/** Writes text so that LaTeX shows it as it is. */
export function escapeLatex(text: string): string {
  return text.replace(/[\\~^&%$#_{}]/g, (sign) => ESCAPES[sign] ?? `\\${sign}`);
}

/** Writes the final table of a study as LaTeX (booktabs). */
export function toResultTable({ name }: Pick<StudyPlan, "name">, { arms, measuredBy }: StudyResults): string {
  const rows = arms.map((arm) => [
    escapeLatex(arm.arm),
    `${arm.seeds}/${arm.cells}`,
    arm.psnrDb === null ? NOT_AVAILABLE : arm.psnrDb.mean.toFixed(3),
    arm.psnrDb === null ? NOT_AVAILABLE : arm.psnrDb.deviation.toFixed(3),
    arm.parameters === null ? NOT_AVAILABLE : (arm.parameters / 1000).toFixed(1),
    arm.multiplyAddsPerPixel === null ? NOT_AVAILABLE : (arm.multiplyAddsPerPixel / 1000).toFixed(1),
    arm.searchCoreHours.toFixed(2),
    arm.trainingCoreHours.toFixed(2),
  ]);
  const head = [
    "Arm",
    "Seeds",
    "PSNR (dB)",
    "SD",
    "Param. (k)",
    "Mult-adds/px (k)",
    "Search (core h)",
    "Training (core h)",
  ];
  const caption = `${name}: mean and standard deviation over seeds, by ${measuredBy}.`;
  return toTable("lrrrrrrr", head, rows, caption, "tab:study");
}

/** Writes the paired comparisons of a study as LaTeX. */
export function toComparisonTable({ name }: Pick<StudyPlan, "name">, { comparisons }: StudyResults): string {
  const rows = comparisons.map(({ first, second, seeds, difference, low, high, chance }) => [
    escapeLatex(first),
    escapeLatex(second),
    String(seeds),
    difference.toFixed(3),
    `[${low.toFixed(3)}, ${high.toFixed(3)}]`,
    chance.toFixed(4),
  ]);
  const head = ["First", "Second", "Seeds", "Difference (dB)", "95\\,\\% interval", "Share not better"];
  const caption = `${name}: paired bootstrap over seeds, first minus second; not corrected for ${rows.length} comparisons.`;
  return toTable("llrrrr", head, rows, caption, "tab:pairs");
}

function toTable(
  columns: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  caption: string,
  label: string,
): string {
  return [
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${escapeLatex(caption)}}`,
    `  \\label{${label}}`,
    `  \\begin{tabular}{${columns}}`,
    "    \\toprule",
    `    ${head.join(" & ")} \\\\`,
    "    \\midrule",
    ...rows.map((row) => `    ${row.join(" & ")} \\\\`),
    "    \\bottomrule",
    "  \\end{tabular}",
    "\\end{table}",
    "",
  ].join("\n");
}
