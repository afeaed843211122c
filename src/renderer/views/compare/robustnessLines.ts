import type { EvaluationSummary, Model } from "#shared/api/evaluations.ts";
import type { MeasuredTest, RobustnessCurve } from "#shared/runs/robustness.ts";
import type { Curve } from "#renderer/components/curves/curve.ts";
import { texts } from "#renderer/texts/texts.ts";

/** What draws the networks apart. */
export interface NetworkLook {
  readonly name: string;
  readonly colour: string;
}

const words = texts.compare.robustness;
/** Lines of what is no network are quiet, and dashed. */
const OTHER_COLOURS = {
  noisy: "var(--control-border)",
  blurred: "var(--faint-text)",
  baseline: "var(--text)",
} as const;

/** Takes evaluations as tests of networks. */
export function toTests(evaluations: readonly EvaluationSummary[]): readonly MeasuredTest[] {
  return evaluations.map((each) => ({ ...each, network: each.runId }));
}

/** Lists the networks in the box that take pictures of the channels and are not compared already. */
export function listBoxed(
  models: readonly Model[],
  channels: MeasuredTest["recipe"]["channels"],
  compared: ReadonlySet<string>,
): readonly Model[] {
  const imageChannels = channels === "grey" ? 1 : 3;
  return models.filter(
    (model) => model.source === "shipped" && model.imageChannels === imageChannels && !compared.has(model.id),
  );
}

/** Names a line, and says of a classical method where its figures are from. */
export function nameLine({ kind, id, origin }: RobustnessCurve, looks: ReadonlyMap<string, NetworkLook>): string {
  if (kind === "network") return looks.get(id)?.name ?? id;
  if (kind !== "baseline") return words.lines[kind];
  return origin === null ? id : words.ofOrigin(id, words.origins[origin]);
}

/** Makes a chart's lines of those that have levels. */
export function toChartLines(
  curves: readonly RobustnessCurve[],
  looks: ReadonlyMap<string, NetworkLook>,
): readonly Curve[] {
  return curves
    .filter(({ points }) => points.length > 0)
    .map((curve) => ({
      id: `${curve.kind} ${curve.id}`,
      label: nameLine(curve, looks),
      colour: curve.kind === "network" ? (looks.get(curve.id)?.colour ?? "var(--calm)") : OTHER_COLOURS[curve.kind],
      x: curve.points.map(({ sigma255 }) => sigma255),
      y: curve.points.map(({ psnrDb }) => psnrDb),
      hasDots: true,
      isDashed: curve.kind !== "network",
    }));
}
