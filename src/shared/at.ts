/** Returns an entry that must be there. Throws where the index lies outside the list, and says what the entry is. */
export function at<T>(list: ArrayLike<T>, index: number, what: string): T {
  const entry = list[index];
  if (entry === undefined) throw new Error(`${what}: no entry ${index} among ${list.length}`);
  return entry;
}
