/** A deterministic stream of random numbers. */
export interface Random {
  /** Returns a number in [0, 1). */
  uniform(): number;
  /** Returns an integer in [0, count). */
  integer(count: number): number;
  /** Returns a sample of the standard normal distribution. */
  gaussian(): number;
}
