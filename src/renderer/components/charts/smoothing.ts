/**
 * Smooths values by an exponential average whose start is corrected for its bias towards zero: the k-th result is
 * `(1 - f) * sum f^(k-i) v_i / (1 - f^k)`. `factor` is 0..0.99; 0 changes nothing. Nulls stay null and count for nothing.
 */
export function smooth(values: readonly (number | null)[], factor: number): (number | null)[] {
  let [sum, weight] = [0, 0];
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    sum = factor * sum + (1 - factor) * value;
    weight = factor * weight + (1 - factor);
    return sum / weight;
  });
}
