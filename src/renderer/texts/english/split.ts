/** Which photo had which part in a run. */
export const splitTexts = {
  title: "Which photo went where",
  note: "the run never saw those of the test",
  noteWithoutTest: "no photos were kept for a test",
  none: "This run was begun before runs wrote down their split.",
  parts: {
    weights: "Weights",
    architecture: "Architecture",
    training: "Training",
    validation: "Validation",
    test: "Test",
  },
  part: (name: string, count: number) => `${name} ${count}`,
  more: (count: number) => `and ${count} more`,
  look: "Look for near-duplicates",
  seenBefore: (network: string, count: number, first: string) =>
    `The network ${network}, which this training begins with, learnt from ${count === 1 ? `the photo ${first}` : `${count} photos (${first} and others)`} that this training is measured on. Figures on them are too good.`,
  sameSet: (network: string, dataset: string) =>
    `The network ${network}, which this training begins with, was trained on ${dataset}, too, and nobody wrote down on which photos. It may have seen those that this training is measured on.`,
  notRead: "The run’s split could not be read",
  notLooked: "The photos could not be compared",
};
