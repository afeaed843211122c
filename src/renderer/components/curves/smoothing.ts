/**
 * Smooths values one after the other by an exponential average whose start is corrected for its bias towards zero: the
 * k-th result is `(1 - f) * sum f^(k-i) v_i / (1 - f^k)`. `factor` is 0..0.99; 0 changes nothing.
 */
export function createSmoother(factor: number): (value: number) => number {
  let [sum, weight] = [0, 0];
  return (value) => {
    sum = factor * sum + (1 - factor) * value;
    weight = factor * weight + (1 - factor);
    return sum / weight;
  };
}
