/** Ends a switch over a closed list: a new member that no case handles does not compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
