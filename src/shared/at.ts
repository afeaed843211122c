/** Takes the entry of a list that must have it; `what` names the list. Throws an Error where the index lies outside. */
export function at<T>(list: ArrayLike<T>, index: number, what: string): T {
  if (!Number.isInteger(index) || index < 0 || index >= list.length) {
    throw new Error(`${what}: no entry ${index} among ${list.length}`);
  }
  return list[index] as T;
}
