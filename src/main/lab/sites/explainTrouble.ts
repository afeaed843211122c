/** What programs say when something is wrong, and what a person can do about it. The first that fits counts. */
const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [
    /host key verification failed|host identification has changed/i,
    "its host key is not the known one; if the site says that it was changed, `ssh-keygen -R HOST` forgets the old one",
  ],
  [
    /permission denied \(/i,
    "it did not let you in; `hinas sites check NAME` in a terminal may ask for what is needed and keeps the line open",
  ],
  [/could not resolve hostname/i, "its host is not known here; ~/.ssh/config gives aliases their addresses"],
  [/(connection|operation) timed out|connection refused|no route to host/i, "it cannot be reached from here now"],
  [/no space left|disk quota exceeded/i, "its folder is full; what is not needed there must go first"],
  [
    /invalid account|invalid.*account\/partition|account.*not valid/i,
    "Slurm does not take the profile's account for that partition",
  ],
  [/invalid partition/i, "Slurm does not know the profile's partition"],
  [/invalid qos/i, "Slurm does not take the profile's qos"],
  [/invalid generic resource|gres/i, "Slurm does not take the profile's gres"],
  [
    /requested node configuration is not available/i,
    "no node there has the memory, processors and devices that the profile asks for",
  ],
  [/rsync was not found|rsync: (command )?not found/i, "rsync must be installed here and there"],
  [/ssh was not found/i, "ssh must be installed on this computer"],
];

/** Puts what a program said into a sentence that helps, with its own words behind. */
export function explainTrouble(failure: string): string {
  const found = EXPLANATIONS.find(([pattern]) => pattern.test(failure))?.[1];
  return found === undefined ? failure : `${found} (${failure})`;
}
