import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { z } from "zod";

import { LabError } from "#shared/labError.ts";
import { describeGenotype } from "#shared/space/cells/describeGenotype.ts";
import { type Genotype, inFixedOrder, parseGenotype } from "#shared/space/cells/genotype.ts";
import { shapeFault } from "#shared/space/cells/shapeFault.ts";
import { foldGraph } from "#shared/space/graph/graphParameters.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";

import { buildNetworkGraph as buildChain } from "./chain/buildNetworkGraph.ts";
import { explain as explainChain } from "./chain/explain.ts";
import { inFixedOrder as orderChain, parseGenotype as parseChain } from "./chain/genotype.ts";
import { buildNetworkGraph as buildMotifs } from "./motifs/buildNetworkGraph.ts";
import { explain as explainMotifs } from "./motifs/explain.ts";
import { inFixedOrder as orderMotifs, parseGenotype as parseMotifs } from "./motifs/genotype.ts";
import type { NetworkPlan } from "./networkPlan.ts";
import { buildNetworkGraph as buildResolutions } from "./resolutions/buildNetworkGraph.ts";
import { buildNetworkGraph as buildScales } from "./scales/buildNetworkGraph.ts";
import { buildNetworkGraph as buildWidths } from "./widths/buildNetworkGraph.ts";

/** What training, checkpoints, evaluation and denoising ask of a search space; `G` is its genotype. */
interface Space<G> {
  /** What the space is called on screen. */
  readonly title: string;
  /** Reads a genotype from plain data; `source` names the file in errors. Throws LabError `bad_genotype` or `newer_version`. */
  readonly parseGenotype: (value: unknown, source: string) => G;
  /** Copies a genotype with its keys in a fixed order, so that equal genotypes give equal texts. */
  readonly inFixedOrder: (genotype: G) => G;
  /** Describes the network of a genotype at a size. */
  readonly buildNetworkGraph: (plan: NetworkPlan<G>) => NetworkGraph;
  /** Says in lines what a genotype decided. */
  readonly explain: (genotype: G) => readonly string[];
}

/** The search spaces, one row each, by the `schema` that heads their genotypes. */
const SPACES = {
  "hinas.genotype": {
    title: "Cells in a row",
    parseGenotype,
    inFixedOrder,
    buildNetworkGraph: buildWidths,
    explain: describeGenotype,
  },
  "hinas.scales": {
    title: "Cells on a U",
    parseGenotype,
    inFixedOrder,
    buildNetworkGraph: buildScales,
    explain: describeGenotype,
  },
  "hinas.chain": {
    title: "Chain of layers",
    parseGenotype: parseChain,
    inFixedOrder: orderChain,
    buildNetworkGraph: buildChain,
    explain: explainChain,
  },
  "hinas.motifs": {
    title: "Hierarchy of motifs",
    parseGenotype: parseMotifs,
    inFixedOrder: orderMotifs,
    buildNetworkGraph: buildMotifs,
    explain: explainMotifs,
  },
  "hinas.resolutions": {
    title: "Path through resolutions",
    parseGenotype,
    inFixedOrder,
    buildNetworkGraph: buildResolutions,
    explain: describeGenotype,
  },
} as const;

export type SpaceName = keyof typeof SPACES;

/** A genotype of any search space. */
export type AnyGenotype = ReturnType<(typeof SPACES)[SpaceName]["parseGenotype"]>;
export type GenotypeOf<S extends SpaceName> = ReturnType<(typeof SPACES)[S]["parseGenotype"]>;

/** A network of any search space. */
export type AnyNetworkPlan = NetworkPlan<AnyGenotype>;

/** Holds every row to the shape of a space. */
const TABLE: { readonly [S in SpaceName]: Space<GenotypeOf<S>> } = SPACES;

const isSpaceName = (name: string): name is SpaceName => Object.hasOwn(SPACES, name);
const headerSchema = z.object({ schema: z.enum(Object.keys(SPACES).filter(isSpaceName)) });

/**
 * Reads a genotype of any search space from plain data; its `schema` says of which. `source` names the file in errors.
 * Throws LabError `bad_genotype`, or `newer_version` where a newer program wrote it.
 */
export function parseAnyGenotype(value: unknown, source: string): AnyGenotype {
  const header = headerSchema.safeParse(value, { reportInput: true });
  if (!header.success) throw new LabError("bad_genotype", `${source}: ${shapeFault(header.error.issues)}`);
  return spaceOf(header.data.schema).parseGenotype(value, source);
}

/** Writes a genotype as JSON with a fixed order of keys, so that equal genotypes give equal files. */
export function genotypeToJson(genotype: AnyGenotype): string {
  return `${JSON.stringify(spaceOf(genotype.schema).inFixedOrder(genotype), null, 2)}\n`;
}

/** Names a genotype by its content: the first 8 hexadecimal digits of a SHA-256, the same in every process. */
export function genotypeHash(genotype: AnyGenotype): string {
  const text = JSON.stringify(spaceOf(genotype.schema).inFixedOrder(genotype));
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, 8);
}

/** Says in lines what a genotype of any search space decided, one decision or layer a line. */
export function explainGenotype(genotype: AnyGenotype): readonly string[] {
  return spaceOf(genotype.schema).explain(genotype);
}

/** Names the search space of a genotype for people. */
export function spaceTitle({ schema }: AnyGenotype): string {
  return spaceOf(schema).title;
}

/** Gives a genotype as one of HiNAS cells, or null where it is of another space. */
export function asCells(genotype: AnyGenotype): Genotype | null {
  return "widthPath" in genotype ? genotype : null;
}

/** Describes the network of any search space as plain data, with batch norms or without as its plan says. */
export function buildNetworkGraph(plan: AnyNetworkPlan): NetworkGraph {
  const graph = spaceOf(plan.genotype.schema).buildNetworkGraph(plan);
  return plan.normalisation === "none" ? foldGraph(graph) : graph;
}

function spaceOf<S extends SpaceName>(name: S): Space<GenotypeOf<S>> {
  return TABLE[name];
}
