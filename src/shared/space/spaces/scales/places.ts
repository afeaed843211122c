/** One place of the U, where one cell works: going down, at the bottom, or coming up. */
export interface Place {
  /** The cell's position in depth, as for any other space. */
  readonly layer: number;
  /** How many times the resolution was halved on the way here. */
  readonly scale: number;
  /** The layer on the way down whose value of the same scale is added before this one; null on the way down and at the bottom. */
  readonly joins: number | null;
}

/** Counts the cells of a U over so many scales: one for each scale down and up again, one at the bottom. */
export function layersOfScales(scales: number): number {
  return 2 * scales - 1;
}

/** Counts the scales of a U with so many cells; a fraction where no U has that many. */
export function scalesOfLayers(layers: number): number {
  return (layers + 1) / 2;
}

/** Lists the places of a U with `layers` cells, an odd number, in the order of the run. */
export function placesOf(layers: number): readonly Place[] {
  const bottom = scalesOfLayers(layers) - 1;
  return Array.from({ length: layers }, (_, layer): Place => {
    const isUp = layer > bottom;
    return { layer, scale: isUp ? layers - 1 - layer : layer, joins: isUp ? layers - 1 - layer : null };
  });
}

/** Counts the channels of the stream that the cells of a scale add to: twice as many at each halving of the resolution. */
export function streamChannels(stemChannels: number, scale: number): number {
  return stemChannels * 2 ** scale;
}

/** Counts the channels that a cell of a scale works on: floor(filters * factor), doubled at each halving of the resolution. */
export function cellChannels(filters: number, factor: number, scale: number): number {
  return Math.floor(filters * factor) * 2 ** scale;
}
