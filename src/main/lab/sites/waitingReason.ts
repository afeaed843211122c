/** What Slurm gives as the reason why a job waits, and what it means for a person. The first that fits counts. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/down, drained|^reqnodenotavail|^nodedown/i, "the nodes that it needs are drained, down or reserved"],
  [/^priority/i, "other jobs come first"],
  [/^resources/i, "the nodes that fit are busy"],
  [/^begintime/i, "it was queued again and waits a moment"],
  [/^partitiontimelimit/i, "the profile's time is longer than the partition allows"],
  [/^partition(down|inactive)/i, "the partition takes no jobs now"],
  [/launch failed/i, "its node could not start it, and it is held; `scontrol release` lets it go"],
  [/^jobheld/i, "it is held; `scontrol release` lets it go"],
  [/^(qos|assoc|max)/i, "a limit of your account or qos is reached"],
  [/^badconstraints/i, "no node has what the profile asks for"],
];

/** Says why a job waits, e.g. `other jobs come first (Priority), expected to start 2026-11-30T12:00:00`; null where nothing is said. */
export function describeWaiting(reason: string | undefined, start: string | undefined): string | null {
  if (reason === undefined || reason === "None" || reason === "") return null;
  const words = REASONS.find(([pattern]) => pattern.test(reason))?.[1];
  const why = words === undefined ? reason : `${words} (${reason})`;
  return start === undefined || start === "N/A" || start === "" ? why : `${why}, expected to start ${start}`;
}
