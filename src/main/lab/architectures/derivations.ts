import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { describeDerived } from "#main/store/cards/architectureCards.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import { getGenotypeStem } from "#main/store/runs/runProducts.ts";
import type { Store } from "#main/store/openStore.ts";
import type { DerivedArchitecture } from "#shared/api/architectures.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { RunEvent } from "#shared/runs/runEvent.ts";
import { isCandidateSettings } from "#shared/runs/strategySchema.ts";
import { deriveGenotype } from "#shared/space/cells/derive.ts";
import { drawArchitecture } from "#shared/space/drawing/drawArchitecture.ts";
import { explainDerivation } from "#shared/space/cells/explain.ts";
import { explanationLines } from "#shared/space/cells/explanationLines.ts";
import { type AnyGenotype, genotypeHash, genotypeToJson, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

import { candidateLines, notASearch, pickArch, pickCandidate } from "#main/lab/runs/searchEpochs.ts";

import { keepArchitecture, type LibraryContext } from "./architectures.ts";

/** What architectures are derived with. */
export interface DeriveContext extends Omit<LibraryContext, "getStore">, Pick<Lab, "showRun"> {
  getStore(): Pick<Store, "architectures" | "genotypes" | "runs">;
}

/** What a search gives at an epoch, and the reasons in lines. */
interface Derived {
  readonly epoch: number;
  readonly genotype: AnyGenotype;
  readonly explanation: readonly string[];
}

/** A supernet's logits are derived; candidates are architectures already, and their number takes the place of the epoch. */
function findDerived(
  { search, space }: SearchConfig,
  events: readonly RunEvent[],
  epoch: number | null,
  runId: string,
): Derived {
  if (isCandidateSettings(search.strategy)) {
    const chosen = pickCandidate(events, epoch, runId);
    const genotype = parseAnyGenotype(chosen.genotype, `run ${runId}`);
    return { epoch: chosen.epoch, genotype, explanation: candidateLines(chosen, events) };
  }
  const { epoch: saved, arch } = pickArch(events, epoch, runId);
  const genotype = deriveGenotype(arch, space.widthFactors, space.kind);
  const explanation = explanationLines(explainDerivation(arch, space.widthFactors, space.kind));
  return { epoch: saved, genotype, explanation };
}

/**
 * Derives the genotype of a search's best epoch by the published score, or of a given one (of a search that asks for candidates the
 * best of them, or the one of that number), and writes it with its drawing and explanation into the run folder. Throws LabError
 * `bad_config` for a training and `not_found` where the epoch was not saved.
 */
export async function derive(
  context: DeriveContext,
  idOrPrefix: string,
  epoch: number | null,
): Promise<DerivedArchitecture> {
  const run = await context.showRun(idOrPrefix);
  const paths = getRunPaths(run.folder);
  const manifest = await readManifest(paths);
  if (manifest.kind !== "search") throw notASearch(run.id);
  const found = findDerived(manifest.config, readEvents(paths.events), epoch, run.id);
  const { genotype, explanation } = found;
  const hash = genotypeHash(genotype);
  const stem = getGenotypeStem(paths, found.epoch);
  const description = describeDerived(run, found.epoch);
  await writeFileAtomically(`${stem}.json`, genotypeToJson(genotype));
  await writeFileAtomically(`${stem}.svg`, drawArchitecture(genotype, { title: description.name, theme: "light" }));
  await writeFileAtomically(`${stem}.txt`, `${explanation.join("\n")}\n`);
  const file = `${stem}.json`.slice(run.folder.length + 1);
  const derivedAt = new Date().toISOString();
  context.getStore().genotypes.put({ runId: run.id, epoch: found.epoch, hash, file, derivedAt });
  await keepArchitecture(context, genotype, description);
  return {
    genotype,
    hash,
    epoch: found.epoch,
    explanation,
    genotypeFile: `${stem}.json`,
    drawingFile: `${stem}.svg`,
  };
}
