import { z } from "zod";

import { readJsonFile } from "#main/files/readJsonFile.ts";
import type { LabContext } from "#main/lab/labContext.ts";
import { type EventTail, openEventTail } from "#main/store/runs/eventTail.ts";
import { getRunPaths } from "#main/store/runs/runFolder.ts";
import type { RunSummary } from "#shared/api/runs.ts";
import { LabError } from "#shared/labError.ts";
import { candidateSettings } from "#shared/runs/candidateNetwork.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { asCells, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { addToTally, EMPTY_TALLY, type RunTally, toBestSoFar } from "#shared/studies/runTally.ts";
import { NOT_BEGUN, type StudyCell, type StudyPlan } from "#shared/studies/study.ts";
import type { CellFigures } from "#shared/studies/studyResults.ts";

import type { FoundStudy } from "./foundStudy.ts";

const MS_PER_HOUR = 3_600_000;
const environmentSchema = z.looseObject({ cores: z.int().positive() });

/** A run's tally so far, and what reads on; one reads at a time. */
interface FollowedTally {
  readonly tail: EventTail;
  tally: RunTally;
  reading: Promise<void>;
}

const followed = new Map<string, FollowedTally>();
/** Long studies have some hundred runs. */
const MOST_TALLIES = 2_000;

/** Reads what the runs of a study's cells tell; runs that are gone tell nothing. Throws LabError. */
export async function readCellFigures(lab: LabContext, { plan, status }: FoundStudy): Promise<readonly CellFigures[]> {
  const runs = new Map((await lab.listRuns()).map((run) => [run.id, run]));
  const figures: CellFigures[] = [];
  for (const cell of plan.cells) {
    const { searchId, trainingId, genotypeHash, test, state } = status.cells[cell.key] ?? NOT_BEGUN; // until its turn
    const search = searchId === null ? null : (runs.get(searchId) ?? null);
    const training = trainingId === null ? null : (runs.get(trainingId) ?? null);
    const searched = search === null ? EMPTY_TALLY : await readTally(search);
    const trained = training === null ? EMPTY_TALLY : await readTally(training);
    const genotype = genotypeHash === null ? null : findGenotype(lab, genotypeHash);
    figures.push({
      key: cell.key,
      arm: cell.arm,
      seed: cell.seed,
      state,
      psnrDb: state === "finished" ? toFigure(plan, { search, training, test }) : null,
      genotype,
      genotypeHash,
      ...costOf(plan, cell, genotype),
      searchHours: searched.workMs / MS_PER_HOUR,
      trainingHours: trained.workMs / MS_PER_HOUR,
      cores: await readCores(search ?? training),
      site: (training ?? search)?.place?.site ?? null, // most runs are done here
      curve: toBestSoFar(searched),
    });
  }
  return figures;
}

function toFigure(
  { ends }: StudyPlan,
  cell: {
    readonly search: RunSummary | null;
    readonly training: RunSummary | null;
    readonly test: { readonly psnrDb: number } | null;
  },
): number | null {
  if (ends === "evaluation") return cell.test?.psnrDb ?? null;
  return (ends === "training" ? cell.training : cell.search)?.best?.psnrDb ?? null;
}

function findGenotype(lab: LabContext, hash: string): Genotype | null {
  const card = lab.getStore().architectures.find(hash);
  return card === null ? null : asCells(card.genotype);
}

/** Of the network that is trained, else of the one that the search would train. */
function costOf(
  plan: StudyPlan,
  cell: StudyCell,
  genotype: Genotype | null,
): Pick<CellFigures, "parameters" | "multiplyAddsPerPixel"> {
  const search = cell.search ?? plan.cells.find(({ key }) => key === cell.controlOf)?.search ?? null;
  if (genotype === null || search === null) return { parameters: null, multiplyAddsPerPixel: null };
  const network = cell.training?.network ?? candidateSettings(search);
  const { parameters, multiplyAddsPerPixel } = networkCost(buildNetworkGraph({ genotype, ...network }));
  return { parameters, multiplyAddsPerPixel };
}

/** Only lines that were added since the last time are read. */
async function readTally({ folder }: RunSummary): Promise<RunTally> {
  const known = followed.get(folder) ?? follow(folder);
  const reading = known.reading.then(() =>
    known.tail.readMore((events) => {
      known.tally = events.reduce(addToTally, known.tally);
    }),
  );
  known.reading = reading.catch(() => undefined);
  await reading;
  return known.tally;
}

function follow(folder: string): FollowedTally {
  if (followed.size >= MOST_TALLIES) followed.clear();
  const tail = openEventTail(getRunPaths(folder).events);
  const begun = { tail, tally: EMPTY_TALLY, reading: Promise.resolve() };
  followed.set(folder, begun);
  return begun;
}

/** One where nobody knows: before a run's turn came it cost nothing anyway. */
async function readCores(run: RunSummary | null): Promise<number> {
  if (run === null) return 1;
  try {
    return (await readJsonFile(getRunPaths(run.folder).environment, environmentSchema)).cores;
  } catch (error) {
    if (error instanceof LabError) return 1;
    throw error;
  }
}
