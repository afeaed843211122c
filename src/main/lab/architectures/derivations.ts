import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { describeDerived } from "#main/store/cards/architectureCards.ts";
import { readEvents } from "#main/store/runs/eventLog.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import { getGenotypeStem } from "#main/store/runs/runProducts.ts";
import type { Store } from "#main/store/openStore.ts";
import type { DerivedArchitecture, SearchScore } from "#shared/api/architectures.ts";
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

import { costsOf, keepArchitecture, type LibraryContext } from "./architectures.ts";

/** What architectures are derived with. */
export interface DeriveContext extends Omit<LibraryContext, "getStore">, Pick<Lab, "showRun"> {
  getStore(): Pick<Store, "architectures" | "genotypes" | "runs">;
}

/** What a search gives at an epoch, and the reasons in lines. */
interface Derived {
  readonly epoch: number;
  readonly genotype: AnyGenotype;
  readonly explanation: readonly string[];
  readonly searchScore: SearchScore | null;
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
    const searchScore = { score: chosen.score, psnrDb: chosen.psnrDb ?? null };
    return { epoch: chosen.epoch, genotype, explanation: candidateLines(chosen, events), searchScore };
  }
  const { epoch: saved, arch, step } = pickArch(events, epoch, runId);
  const genotype = deriveGenotype(arch, space.widthFactors, space.kind);
  const explanation = explanationLines(explainDerivation(arch, space.widthFactors, space.kind));
  return { epoch: saved, genotype, explanation, searchScore: findScore(events, step) };
}

/** Finds what the validation at a step said; null where there was none. */
function findScore(events: readonly RunEvent[], step: number): SearchScore | null {
  const found = events.flatMap((event) =>
    event.type === "validation" && event.step === step ? [event.validation] : [],
  );
  const last = found.at(-1);
  return last === undefined ? null : { score: last.score, psnrDb: last.psnrDb };
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
  const { genotype, explanation, searchScore } = found;
  const hash = genotypeHash(genotype);
  const stem = getGenotypeStem(paths, found.epoch);
  const description = describeDerived(run, found.epoch, searchScore);
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
    costs: costsOf(genotype),
    searchScore,
    genotypeFile: `${stem}.json`,
    drawingFile: `${stem}.svg`,
  };
}
