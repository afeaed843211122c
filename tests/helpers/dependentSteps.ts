import { beforeEach } from "vitest";

/** Lets each test of the suite stand on the one before: after a failure the rest is skipped, and says why. */
export function makeStepsDependent(): void {
  let hasFailed = false;
  beforeEach(({ skip, onTestFailed }) => {
    skip(hasFailed, "an earlier step failed");
    onTestFailed(() => void (hasFailed = true));
  });
}
