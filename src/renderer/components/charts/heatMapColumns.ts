/** A column of a heat map. */
export interface HeatMapColumn {
  readonly id: string;
  readonly label: string;
  /** Of the dot above its name; null where columns are moments, of which not all are named. */
  readonly colour: string | null;
}

/** The room that the name of a moment takes, an epoch of four digits and some air. */
const NAME_PX = 36;
const ROUND_STEPS = [1, 2, 5];

/** Tells how many columns of a map so wide share one name, a round number, so that no name reaches into the next. */
export function labelEvery(columns: number, widthPx: number): number {
  if (columns === 0 || widthPx === 0) return 1;
  const least = (NAME_PX * columns) / widthPx;
  for (let scale = 1; ; scale *= 10) {
    const step = ROUND_STEPS.find((each) => each * scale >= least);
    if (step !== undefined) return step * scale;
  }
}
