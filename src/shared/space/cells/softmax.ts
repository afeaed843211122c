/** Returns the softmax of logits; each is 0..1 and they sum to 1. Subtracts the largest first, so nothing overflows. */
export function softmax(logits: readonly number[]): number[] {
  const largest = logits.reduce((best, logit) => Math.max(best, logit), -Infinity);
  const exponentials = logits.map((logit) => Math.exp(logit - largest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}
