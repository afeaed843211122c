import { createRandom } from "#shared/random/createRandom.ts";

/** A gradient to be checked: where it was taken, what it says, and the function that it is the gradient of. */
export interface GradientClaim {
  readonly at: Float32Array;
  readonly gradient: ArrayLike<number>;
  readonly objective: (at: Float32Array) => number;
  /** Length of the step to each side. */
  readonly step: number;
}

/**
 * Compares a gradient with central differences along some directions, each a vector as long as the gradient. Returns the
 * largest difference of the two slopes, relative to the gradient's length.
 */
export function slopeError({ at, gradient, objective, step }: GradientClaim, directions: readonly number[][]): number {
  const length = Math.hypot(...Array.from(gradient));
  const errors = directions.map((raw) => {
    const scale = Math.hypot(...raw);
    const direction = raw.map((value) => value / scale);
    const move = (side: number): number => objective(at.map((value, i) => value + side * step * (direction[i] ?? 0)));
    const measured = (move(1) - move(-1)) / (2 * step);
    const claimed = direction.reduce((sum, value, i) => sum + value * (gradient[i] ?? NaN), 0);
    return Math.abs(measured - claimed) / length;
  });
  return Math.max(...errors);
}

/** Draws random directions. */
export function randomDirections(length: number, count: number, seed = 0): number[][] {
  const random = createRandom(seed, "test directions");
  return Array.from({ length: count }, () => Array.from({ length }, random.gaussian));
}

/** Returns the direction that is `vector` from `from` to `to` and zero elsewhere. */
export function restrictTo(vector: ArrayLike<number>, from: number, to: number): number[] {
  return Array.from(vector, (value, index) => (index >= from && index < to ? value : 0));
}
