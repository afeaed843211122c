import { afterAll, describe, expect, it } from "vitest";

import { runSearch } from "#main/compute/search/searchLoop.ts";

import { makeContext, makeRunFolder, readAll } from "#tests/main/compute/job/jobs.ts";
import { TOTAL, configOf } from "#tests/main/compute/search/tinySearch.ts";

/** What was logged for people. */
const logOf = ({ events }: Awaited<ReturnType<typeof makeContext>>): string[] =>
  events.flatMap((event) => (event.type === "log" ? [event.message] : []));

/** What was told of its epochs. */
const measuresOf = ({ events }: Awaited<ReturnType<typeof makeContext>>) =>
  events.flatMap((event) => (event.type === "measure" ? [event] : []));

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
    const lines = logOf(watched).flatMap((line) => /alpha Hessian (\S+)$/.exec(line)?.[1] ?? []);
    const told = measuresOf(watched);
    expect(told.map(({ epoch, eigenvalue }) => [epoch, eigenvalue !== null])).toEqual([[2, true], [3, false], [4, true]]); // prettier-ignore
    const values = told.flatMap(({ eigenvalue }) => eigenvalue ?? []);
    expect(values.every((value) => Number.isFinite(value) && value !== 0)).toBe(true);
    expect(lines).toEqual(values.map((value) => value.toPrecision(4)));
    expect(measuresOf(plain)).toEqual([]);
    expect((await readAll(second)).tensors).toEqual((await readAll(first)).tensors);
  });

  it("tells how much the score falls where each edge has its strongest primitive alone, and changes no number by it", async () => {
    const [plain, watched] = [await makeContext(), await makeContext()];
    const [first, second] = [await makeRunFolder(afterAll), await makeRunFolder(afterAll)];
    await runSearch(plain, { config: configOf(), folder: first, resume: false });
    const config = configOf({ discretisationGap: true, validateFromEpoch: 3 });
    await runSearch(watched, { config, folder: second, resume: false });
    const told = measuresOf(watched);
    expect(told.map(({ step, epoch, gap }) => [step, epoch, gap !== null])).toEqual([[4, 2, false], [6, 3, true], [8, 4, true]]); // prettier-ignore
    expect(told.every(({ gap }) => gap === null || (gap !== 0 && Math.abs(gap) < 1))).toBe(true);
    expect((await readAll(second)).tensors).toEqual((await readAll(first)).tensors);
  });

  it("has no gap where the op weights are one-hot already", async () => {
    const context = await makeContext();
    const config = configOf({ discretisationGap: true }, { primitives: ["conv_3x3"] });
    await runSearch(context, { config, folder: await makeRunFolder(afterAll), resume: false });
    expect(measuresOf(context).map(({ gap, skips, stableEpochs }) => ({ gap, skips, stableEpochs }))).toEqual(
      [1, 2, 3].map((stableEpochs) => ({ gap: 0, skips: [0, 0], stableEpochs })),
    );
  });
});
