/**
 * Turns the gradient with respect to softmax outputs into the gradient with respect to the logits:
 * w_i * (g_i - sum_j w_j g_j). `weights` are the outputs; both have one entry per logit.
 */
export function softmaxGradient(weights: readonly number[], gradient: readonly number[]): number[] {
  const mean = weights.reduce((total, weight, index) => total + weight * (gradient[index] ?? 0), 0);
  return weights.map((weight, index) => weight * ((gradient[index] ?? 0) - mean));
}
