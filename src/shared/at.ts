/** Returns the entry of a list that must be there. Throws an Error that says `what` looked for which of how many. */
export function at<T>(list: ArrayLike<T>, index: number, what: string): T {
  const entry = list[index];
  if (entry === undefined) throw new Error(`${what}: no entry ${index} among ${list.length}`);
  return entry;
}
