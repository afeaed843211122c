/** Channels whose taps move together: half of them, as in the authors' code, where they can be halved. */
export function deformableGroups(channels: number): number {
  return channels % 2 === 0 ? 2 : 1;
}

/**
 * Counts the channels of what moves the taps of a deformable filter: for each group and tap (in row order) how far it moves,
 * down and to the right; then for each group and tap how much it counts, before the sigmoid.
 */
export function tapMapChannels(side: number, groups: number): number {
  return offsetChannels(side, groups) + groups * side ** 2;
}

/** Counts the first of these channels, those which say how far taps move. */
export function offsetChannels(side: number, groups: number): number {
  return 2 * groups * side ** 2;
}
