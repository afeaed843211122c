import { afterAll, describe, expect, it } from "vitest";

import { runSearch } from "#main/compute/search/searchLoop.ts";

import { makeContext, makeRunFolder, readAll } from "#tests/main/compute/job/jobs.ts";
import { TOTAL, configOf } from "#tests/main/compute/search/tinySearch.ts";

/** What was logged for people. */
const logOf = ({ events }: Awaited<ReturnType<typeof makeContext>>): string[] =>
  events.flatMap((event) => (event.type === "log" ? [event.message] : []));

describe("a search with a rule for stopping", () => {
  it("finishes at the epoch that the rule names, says why, and keeps no best from it", async () => {
    const context = await makeContext();
    const folder = await makeRunFolder(afterAll);
    const config = configOf({ stopping: { kind: "skips", limit: 0 } }, { primitives: ["skip_connect", "none"] });
    const outcome = await runSearch(context, { config, folder, resume: false });
    // Two steps an epoch; the first epoch is the warm-up.
    expect(outcome).toEqual({ kind: "finished", step: 4, best: null });
    expect(logOf(context).at(-1)).toBe(
      "stops after epoch 2: the cell of layer 0 would keep 2 skip connections, more than 0",
    );
    const again = await makeContext();
    expect(await runSearch(again, { config, folder, resume: true })).toEqual(outcome);
  });

  it("may keep the last epoch where it does not roll back", async () => {
    const context = await makeContext();
    const stopping = { kind: "skips", limit: 0, rollBack: false };
    const config = configOf({ stopping }, { primitives: ["skip_connect", "none"] });
    const outcome = await runSearch(context, { config, folder: await makeRunFolder(afterAll), resume: false });
    expect(outcome).toMatchObject({ kind: "finished", step: 4, best: { step: 4 } });
  });

  it("measures the eigenvalue of the alpha Hessian, and changes no number of the search by it", async () => {
    const [plain, watched] = [await makeContext(), await makeContext()];
    const [first, second] = [await makeRunFolder(afterAll), await makeRunFolder(afterAll)];
    await runSearch(plain, { config: configOf(), folder: first, resume: false });
    const config = configOf({ stopping: { kind: "hessian", everyEpochs: 2, ratio: 100 } });
    expect(await runSearch(watched, { config, folder: second, resume: false })).toMatchObject({ step: TOTAL });
    const values = logOf(watched)
      .flatMap((line) => /alpha Hessian (\S+)$/.exec(line)?.[1] ?? [])
      .map(Number);
    expect(values).toHaveLength(2);
    expect(values.every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
    expect((await readAll(second)).tensors).toEqual((await readAll(first)).tensors);
  });
});
