import type { Lab } from "#shared/api/lab.ts";

/** What a lab knows, in words that do not depend on where its home lies. */
export async function describeHome(lab: Lab) {
  const runs = await lab.listRuns();
  return {
    runs: runs.map(({ id, kind, name, state, step, best }) => ({ id, kind, name, state, step, best })),
    events: await Promise.all(runs.map(async ({ id }) => (await lab.readRunEvents(id)).length)),
    datasets: (await lab.listDatasets()).map(({ name, photos, fingerprint }) => ({ name, photos, fingerprint })),
    architectures: (await lab.listArchitectures()).map(({ hash, name }) => ({ hash, name })),
    noiseProfiles: (await lab.listNoiseProfiles()).map(({ name }) => name),
    evaluations: (await lab.listEvaluations({ runId: null })).map(({ id, dataset }) => ({ id, dataset })),
    models: (await lab.listModels()).map(({ name }) => name),
  };
}
