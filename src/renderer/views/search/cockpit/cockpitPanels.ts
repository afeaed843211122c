import type { BoardPanel } from "#renderer/components/board/useBoard.ts";
import { texts } from "#renderer/texts/texts.ts";

const words = texts.cockpit;

/** The panels of the cockpit in the order in which they stand by themselves: what a search is about comes first. */
export const COCKPIT_PANELS = [
  { id: "alpha", title: words.alpha, wide: [4, 8], narrow: [6, 8] },
  { id: "cell", title: words.wouldBe, wide: [5, 4], narrow: [6, 4] },
  { id: "sample", title: words.samples.title, wide: [3, 8], narrow: [12, 4] },
  { id: "width", title: words.trellis, wide: [5, 4], narrow: [6, 4] },
  { id: "loss", title: words.loss, wide: [4, 3], narrow: [4, 3] },
  { id: "psnr", title: words.psnr, wide: [4, 3], narrow: [4, 3] },
  { id: "ssim", title: words.ssim, wide: [4, 3], narrow: [4, 3] },
  { id: "certainty", title: words.certainty, wide: [6, 4], narrow: [12, 4] },
  { id: "edge", title: words.edgeChartPanel, wide: [6, 4], narrow: [12, 4] },
  { id: "gallery", title: words.allEdges, wide: [12, 3], narrow: [12, 3] },
  { id: "beta", title: words.betaPanel, wide: [6, 5], narrow: [12, 4] },
  { id: "betaMap", title: words.betaMapPanel, wide: [6, 5], narrow: [12, 5] },
  { id: "skips", title: words.skips, wide: [4, 3], narrow: [4, 3] },
  { id: "entropy", title: words.entropyOverTime, wide: [4, 3], narrow: [4, 3] },
  { id: "margin", title: words.marginOverTime, wide: [4, 3], narrow: [4, 3] },
  { id: "speed", title: words.speed, wide: [4, 3], narrow: [4, 3] },
  { id: "memory", title: words.memory, wide: [4, 3], narrow: [4, 3] },
  { id: "load", title: words.load, wide: [4, 3], narrow: [4, 3] },
  { id: "log", title: words.log, wide: [12, 4], narrow: [12, 4] },
] as const satisfies readonly BoardPanel[];

/** What a search that chooses architectures one by one has no panel for: it has no alpha. */
const OF_ALPHA: ReadonlySet<string> = new Set([
  "alpha",
  "cell",
  "width",
  "certainty",
  "edge",
  "gallery",
  "beta",
  "betaMap",
  "skips",
  "entropy",
  "margin",
]);

/** The panels of a search without alpha, below those of its candidates. */
export const CANDIDATE_COCKPIT_PANELS: readonly BoardPanel[] = COCKPIT_PANELS.filter(({ id }) => !OF_ALPHA.has(id));
