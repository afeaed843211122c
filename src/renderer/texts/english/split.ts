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
  pair: (test: string, training: string) => `${test} is the same picture as ${training}`,
  notRead: "The run’s split could not be read",
  notLooked: "The photos could not be compared",
};
