/** Computes the weights of a Gaussian at the whole offsets -radius..radius; they add up to 1. */
export function computeGaussianWindow(radius: number, sigmaPx: number): Float64Array {
  const weights = Float64Array.from({ length: 2 * radius + 1 }, (_, index) =>
    Math.exp(-((index - radius) ** 2) / (2 * sigmaPx * sigmaPx)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
