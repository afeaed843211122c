import type { Reporter, SerializedError, TestModule, TestRunEndReason } from "vitest/node";

/**
 * Prints `N passed, N failed` or `N passed, N failed, N skipped` as the last line of a test run. A file that does not
 * load, an error outside every test and an interrupted run count as failed, so that the line never looks better than the run was.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    const counts = countTests(modules, unhandledErrors.length);
    if (reason !== "passed" && counts.failed === 0) counts.failed = 1;
    const skipped = counts.skipped === 0 ? "" : `, ${counts.skipped} skipped`;
    const line = `${counts.passed} passed, ${counts.failed} failed${skipped}`;
    process.once("exit", () => process.stdout.write(`${line}\n`));
  }
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

function countTests(modules: readonly TestModule[], failuresOutsideTests: number): Counts {
  const counts = { passed: 0, failed: failuresOutsideTests, skipped: 0, pending: 0 };
  for (const module of modules) {
    for (const test of module.children.allTests()) counts[test.result().state] += 1;
    counts.failed += module.errors().length;
    for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
  }
  return { passed: counts.passed, failed: counts.failed + counts.pending, skipped: counts.skipped };
}
