import type { ArchitectureCard } from "#main/store/cards/architectureCards.ts";
import type { CardFolder } from "#main/store/cards/cards.ts";
import type { Store } from "#main/store/openStore.ts";
import { getRunPaths, readManifest } from "#main/store/runs/runFolder.ts";
import type {
  Architecture,
  ArchitectureCosts,
  ArchitectureDetail,
  ArchitectureOrigin,
  GenotypeEdit,
} from "#shared/api/architectures.ts";
import { LabError } from "#shared/labError.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import { networkCost, type NetworkCost } from "#shared/space/graph/costModel.ts";
import { inferenceBytesPerPixel } from "#shared/space/graph/memoryModel.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { editGenotype } from "#shared/space/cells/editGenotype.ts";
import type { Explanation } from "#shared/space/cells/explain.ts";
import { explanationLines } from "#shared/space/cells/explanationLines.ts";
import {
  type AnyGenotype,
  asCells,
  buildNetworkGraph,
  genotypeHash,
  genotypeToJson,
} from "#shared/space/spaces/spaces.ts";
import { genotypeOfText } from "#shared/space/spaces/genotypeOfText.ts";
import type { SearchSpace } from "#shared/space/spaces/searchSpace.ts";

import type { Changes } from "#main/lab/changes.ts";

/** Where the library is kept. */
export interface LibraryContext {
  readonly changes: Pick<Changes, "tell">;
  readonly cards: { readonly architectures: CardFolder<ArchitectureCard> };
  getStore(): Pick<Store, "architectures" | "runs">;
}

/** What an architecture is shown with. */
export interface ArchitectureContext extends LibraryContext {
  /** Explains what an epoch of a search derives to. */
  readonly explainEpoch: (runId: string, epoch: number) => Promise<Explanation | null>;
}

/** What a training takes unless told otherwise; architectures are compared at this size. */
const FILTERS = trainConfigSchema.parse({}).network.filters;

/** Puts an architecture into the library; one that is there already stays as it is. Throws LabError `disk` or `permission`. */
export async function keepArchitecture(
  context: LibraryContext,
  genotype: AnyGenotype,
  { name, origin }: { readonly name: string; readonly origin: ArchitectureOrigin },
): Promise<Architecture> {
  const hash = genotypeHash(genotype);
  const known = context.getStore().architectures.find(hash);
  if (known !== null) return toArchitecture(context, known);
  return keepCard(context, { hash, name, genotype, origin, addedAt: new Date().toISOString() });
}

/** Lists the library, newest first. */
export function listArchitectures(context: LibraryContext): readonly Architecture[] {
  return context
    .getStore()
    .architectures.list()
    .map((card) => toArchitecture(context, card));
}

/** Gives an architecture with its costs by part, its derivation and its relatives. Throws LabError `not_found`. */
export async function showArchitecture(context: ArchitectureContext, hash: string): Promise<ArchitectureDetail> {
  const card = getArchitecture(context, hash);
  const { parts } = costOf(card.genotype);
  return {
    ...toArchitecture(context, card),
    parts,
    derivation: await findDerivation(context, card),
    ancestors: listAncestors(context, card),
    children: context.getStore().architectures.listChildren(hash),
  };
}

/** Takes the text of a genotype file, or of a genotype as DARTS and HiNAS print it, into the library. Throws LabError `bad_genotype` or `newer_version`. */
export async function importArchitecture(
  context: LibraryContext,
  { text, source, name }: { readonly text: string; readonly source: string; readonly name: string | null },
): Promise<Architecture> {
  const genotype = genotypeOfText(text, source);
  return keepArchitecture(context, genotype, { name: name ?? source, origin: { kind: "imported", source } });
}

/** Returns the text of a genotype file. Throws LabError `not_found`. */
export function exportArchitecture(context: LibraryContext, hash: string): string {
  return genotypeToJson(getArchitecture(context, hash).genotype);
}

/** Makes a child with one change and puts it into the library. Throws LabError `bad_genotype` where the change is impossible. */
export async function editArchitecture(
  context: LibraryContext,
  { parent, edit, name }: { readonly parent: string; readonly edit: GenotypeEdit; readonly name: string | null },
): Promise<Architecture> {
  const card = getArchitecture(context, parent);
  const cells = asCells(card.genotype);
  if (cells === null) {
    throw new LabError("bad_genotype", `the architecture must be of HiNAS cells, got ${card.genotype.schema}`);
  }
  const { genotype, change } = editGenotype(cells, edit);
  return keepArchitecture(context, genotype, {
    name: name ?? `${card.name}, ${change}`.slice(0, 120),
    origin: { kind: "edited", parent, change },
  });
}

/** Gives an architecture another name. Throws LabError `not_found`. */
export async function renameArchitecture(context: LibraryContext, hash: string, name: string): Promise<Architecture> {
  return keepCard(context, { ...getArchitecture(context, hash), name });
}

/** Takes an architecture out of the library; its card remains and says so. Throws LabError `not_found`. */
export async function removeArchitecture(context: LibraryContext, hash: string): Promise<void> {
  const card = getArchitecture(context, hash);
  await context.cards.architectures.write(hash, { ...card, removedAt: new Date().toISOString() });
  context.getStore().architectures.remove(hash);
  context.changes.tell({ kind: "stale", topic: "architectures" });
}

async function keepCard(context: LibraryContext, card: ArchitectureCard): Promise<Architecture> {
  await context.cards.architectures.write(card.hash, card);
  context.getStore().architectures.put(card);
  context.changes.tell({ kind: "stale", topic: "architectures" });
  return toArchitecture(context, card);
}

function getArchitecture(context: LibraryContext, hash: string): ArchitectureCard {
  const card = context.getStore().architectures.find(hash);
  if (card === null) throw new LabError("not_found", `there is no architecture ${hash} in the library`);
  return card;
}

/** What a genotype costs as the published network at the library's filters. */
function costOf(genotype: AnyGenotype): ArchitectureCosts & Pick<NetworkCost, "parts"> {
  const graph = buildNetworkGraph(planNetwork(genotype, { filters: FILTERS }));
  return { ...networkCost(graph), filters: FILTERS, memoryBytesPerPixel: inferenceBytesPerPixel(graph) };
}

/** What an architecture costs, however it came. */
export function costsOf(genotype: AnyGenotype): ArchitectureCosts {
  const { filters, parameters, multiplyAddsPerPixel, memoryBytesPerPixel, receptiveFieldPx } = costOf(genotype);
  return { filters, parameters, multiplyAddsPerPixel, memoryBytesPerPixel, receptiveFieldPx };
}

function toArchitecture(context: LibraryContext, card: ArchitectureCard): Architecture {
  const trainings = context.getStore().runs.listTrainingsOf(card.hash);
  return { ...card, ...costsOf(card.genotype), trainings };
}

async function findDerivation(
  context: ArchitectureContext,
  { origin }: ArchitectureCard,
): Promise<ArchitectureDetail["derivation"]> {
  if (origin.kind !== "derived" || context.getStore().runs.find(origin.runId) === null) return null;
  const explanation = await context.explainEpoch(origin.runId, origin.epoch);
  return explanation === null ? null : { lines: explanationLines(explanation), explanation };
}

/** Follows edits to their beginning; a parent that was removed ends the line. */
/** Finds the search that an architecture was derived from, and what it searched in; null where none did or it is gone. */
export async function findSearch(
  { getStore }: Pick<LibraryContext, "getStore">,
  hash: string,
): Promise<{ readonly run: string; readonly space: SearchSpace } | null> {
  const store = getStore();
  const origin = store.architectures.find(hash)?.origin;
  const run = origin?.kind === "derived" ? store.runs.find(origin.runId) : null;
  if (run === null) return null;
  const manifest = await readManifest(getRunPaths(run.folder));
  return manifest.kind === "search" ? { run: run.id, space: manifest.config.space } : null;
}

function listAncestors(context: LibraryContext, { origin }: ArchitectureCard): readonly string[] {
  const ancestors: string[] = [];
  let parent = origin.kind === "edited" ? origin.parent : null;
  while (parent !== null && !ancestors.includes(parent)) {
    const card = context.getStore().architectures.find(parent);
    if (card === null) break;
    ancestors.push(parent);
    parent = card.origin.kind === "edited" ? card.origin.parent : null;
  }
  return ancestors;
}
