import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { readEvents } from "#main/store/eventLog.ts";
import { getRunPaths, readManifest } from "#main/store/runFolder.ts";
import { getGenotypeStem } from "#main/store/runProducts.ts";
import type { DerivedArchitecture } from "#shared/api/architectures.ts";
import { LabError } from "#shared/api/labError.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";
import { deriveGenotype } from "#shared/space/derive.ts";
import { drawGenotype } from "#shared/space/drawing/drawGenotype.ts";
import { explainDerivation } from "#shared/space/explain.ts";
import { explanationLines } from "#shared/space/explanationLines.ts";
import { genotypeHash, genotypeToJson } from "#shared/space/genotype.ts";

import type { LabContext } from "./labContext.ts";
import { findRun } from "./runs.ts";

type ArchEvent = Extract<RunEvent, { type: "arch" }>;

/**
 * Derives the genotype of a search's best epoch by the published score, or of a given one, and writes it with its drawing
 * and explanation into the run folder. Throws LabError `bad_config` for a training and `not_found` where the epoch was not saved.
 */
export async function derive(
  context: LabContext,
  idOrPrefix: string,
  epoch: number | null,
): Promise<DerivedArchitecture> {
  const run = await findRun(context, idOrPrefix);
  const paths = getRunPaths(run.folder);
  const manifest = await readManifest(paths);
  if (manifest.kind !== "search") {
    throw new LabError("bad_config", `derive: run ${run.id} must be a search, got a training`);
  }
  const found = pickArch(readEvents(paths.events), epoch, run.id);
  const { widthFactors } = manifest.config.space;
  const genotype = deriveGenotype(found.arch, widthFactors);
  const explanation = explanationLines(explainDerivation(found.arch, widthFactors));
  const hash = genotypeHash(genotype);
  const stem = getGenotypeStem(paths, found.epoch);
  const title = `${run.name}, epoch ${found.epoch}`;
  await writeFileAtomically(`${stem}.json`, genotypeToJson(genotype));
  await writeFileAtomically(`${stem}.svg`, drawGenotype(genotype, { title, theme: "light" }));
  await writeFileAtomically(`${stem}.txt`, `${explanation.join("\n")}\n`);
  const file = `${stem}.json`.slice(run.folder.length + 1);
  const derivedAt = new Date().toISOString();
  context.getStore().genotypes.put({ runId: run.id, epoch: found.epoch, hash, file, derivedAt });
  return {
    genotype,
    hash,
    epoch: found.epoch,
    explanation,
    genotypeFile: `${stem}.json`,
    drawingFile: `${stem}.svg`,
  };
}

/** Picks the arch variables of an epoch; without one, those of the best validation, else the last. */
export function pickArch(events: readonly RunEvent[], epoch: number | null, runId: string): ArchEvent {
  const saved = events.filter((event) => event.type === "arch");
  const last = saved.at(-1);
  if (last === undefined) throw new LabError("not_found", `derive: run ${runId} has no saved epoch yet`);
  if (epoch === null) return findBest(events, saved) ?? last;
  const found = saved.findLast((event) => event.epoch === epoch);
  if (found !== undefined) return found;
  const range = `${saved[0]?.epoch ?? last.epoch} to ${last.epoch}`;
  throw new LabError("not_found", `derive: epoch of run ${runId} must be a saved one of ${range}, got ${epoch}`);
}

/** The arch variables are saved at the same step as their validation; of equal scores the first counts, as while searching. */
function findBest(events: readonly RunEvent[], saved: readonly ArchEvent[]): ArchEvent | undefined {
  let best: Extract<RunEvent, { type: "validation" }> | null = null;
  for (const event of events) {
    if (event.type !== "validation") continue;
    if (best === null || event.validation.score > best.validation.score) best = event;
  }
  return saved.findLast((event) => event.step === best?.step);
}
