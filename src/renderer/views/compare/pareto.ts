/** A network as a point: smaller and better is what one wants. */
export interface CostPoint {
  readonly parameters: number;
  readonly psnrDb: number;
}

/** Returns the points that no other beats: none is as good with fewer parameters, or better with as many; by parameters. */
export function findParetoFront<P extends CostPoint>(points: readonly P[]): readonly P[] {
  const front: P[] = [];
  let best = -Infinity;
  for (const point of points.toSorted((a, b) => a.parameters - b.parameters || b.psnrDb - a.psnrDb)) {
    if (point.psnrDb <= best) continue;
    best = point.psnrDb;
    front.push(point);
  }
  return front;
}
