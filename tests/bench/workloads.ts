/** What can be measured, in the order it is. */
export const WORKLOADS = ["engine", "searchStep", "searchStepRecompute", "trainStep", "inference"] as const;
export type Workload = (typeof WORKLOADS)[number];
