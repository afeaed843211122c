import { readFile } from "node:fs/promises";

import { parse } from "yaml";
import { z } from "zod";

import { createRandom } from "#shared/random/createRandom.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { createCellsSpace } from "#shared/space/candidates/cellsSpace.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { makeChain } from "#shared/space/spaces/chain/genotype.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { type AnyGenotype, asCells, buildNetworkGraph, parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

/** An architecture at the size at which it costs as much as the one that was found. */
export interface Contender {
  readonly name: string;
  readonly genotype: AnyGenotype;
  readonly network: { readonly filters: number; readonly stemChannels: number };
  readonly multiplyAddsPerPixel: number;
  readonly parameters: number;
}

const FOUND = new URL("../../docs/results/genotype-7a938d4f.json", import.meta.url);
const PRESET = new URL("../../resources/presets/scales-grey.search.yaml", import.meta.url);

const FRAME = { noiseMap: true, unshuffle: 2, normalisation: "none" } as const;
const FOUND_NETWORK = { filters: 16, stemChannels: 48 };
const RANDOM = 5;

/** Channels of a cell on the narrowest level of the first scale that a contender may have. */
const FILTERS = Array.from({ length: 64 }, (_, index) => index + 1);

/** Layers of 64 channels, as the yardstick has them; their number is what fits the cost. */
const CHAIN_CHANNELS = 64;
const CHAIN_LAYERS = Array.from({ length: 20 }, (_, index) => index + 4);

/**
 * Lists what the architecture that this lab's search found is measured against at equal multiply-adds: five architectures drawn at
 * random from the same space, its own cells on the width path that an untrained beta decodes to, a U whose cells are four
 * chained convolutions, and a plain chain.
 */
export async function listContenders(): Promise<readonly Contender[]> {
  const found = asCells(parseAnyGenotype(JSON.parse(await readFile(FOUND, "utf8")), "the found architecture"));
  if (found === null) throw new Error("controls: the found architecture must be of cells");
  const preset: unknown = parse(await readFile(PRESET, "utf8"));
  const { space } = searchConfigSchema.parse(preset);
  const candidates = createCellsSpace(space);
  const first = toContender("found", found, FOUND_NETWORK);
  const random = createRandom(0, "controls at equal cost");
  const cells: [string, Genotype][] = [
    ...Array.from({ length: RANDOM }, (_, index): [string, Genotype] => [
      `random ${index + 1}`,
      candidates.sample(random),
    ]),
    ["untrained beta", { ...found, widthPath: found.widthPath.map(() => 0) }],
    ["plain U", { ...found, cells: found.cells.map(() => PLAIN_CELL), widthPath: found.widthPath.map(() => 2) }],
  ];
  const sized = cells.map(([name, genotype]) =>
    nearest(
      first,
      FILTERS.map((filters) => toContender(name, genotype, { ...FOUND_NETWORK, filters })),
    ),
  );
  const chains = CHAIN_LAYERS.map((layers) =>
    toContender("plain chain", chainOf(layers), { filters: CHAIN_CHANNELS, stemChannels: CHAIN_CHANNELS }),
  );
  return [first, ...sized, nearest(first, chains)];
}

/** Four convolutions in a row, each with the value before the last one added. */
const PLAIN_CELL: Genotype["cells"][number] = {
  nodes: [pair("s0", "s1"), pair("node_0", "s0"), pair("node_1", "node_0"), pair("node_2", "node_1")],
};

function pair(
  first: "s0" | `node_${number}`,
  second: "s0" | "s1" | `node_${number}`,
): Genotype["cells"][number]["nodes"][number] {
  return [
    { from: first, primitive: "conv_3x3" },
    { from: second, primitive: "conv_3x3" },
  ];
}

function chainOf(layers: number): AnyGenotype {
  const layer = { primitive: "conv_3x3", widthLevel: 0, dilation: 1, skipFrom: null } as const;
  return makeChain(
    [1],
    Array.from({ length: layers }, () => layer),
  );
}

function toContender(name: string, genotype: AnyGenotype, network: Contender["network"]): Contender {
  const { multiplyAddsPerPixel, parameters } = networkCost(
    buildNetworkGraph(planNetwork(genotype, { ...FRAME, ...network })),
  );
  return { name, genotype, network, multiplyAddsPerPixel, parameters };
}

function nearest(wanted: Contender, contenders: readonly Contender[]): Contender {
  const away = ({ multiplyAddsPerPixel }: Contender): number =>
    Math.abs(Math.log(multiplyAddsPerPixel / wanted.multiplyAddsPerPixel));
  return contenders.reduce((best, next) => (away(next) < away(best) ? next : best));
}

/** What one training came to, on the validation photos; null where it diverged. */
export const trainedSchema = z.object({ name: z.string(), seed: z.number(), psnrDb: z.number().nullable() });
export type Trained = Readonly<z.infer<typeof trainedSchema>>;

/** Writes a table with a line per contender and the PSNR of each seed. */
export function toTable(contenders: readonly Contender[], trained: readonly Trained[]): string {
  const rows = contenders.map(({ name, multiplyAddsPerPixel, parameters }) => {
    const own = trained.filter((each) => each.name === name).map(({ psnrDb }) => psnrDb);
    const figures = own.flatMap((psnrDb) => psnrDb ?? []);
    const mean = figures.reduce((sum, figure) => sum + figure / figures.length, 0);
    const cells = [
      name,
      (multiplyAddsPerPixel / 1e3).toFixed(1),
      (parameters / 1e6).toFixed(2),
      own.map((psnrDb) => psnrDb?.toFixed(2) ?? "diverged").join(", "),
      figures.length === 0 ? "" : mean.toFixed(2),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const head = "| architecture | thousand multiply-adds | million parameters | PSNR by seed, dB | mean |";
  return [head, "| --- | ---: | ---: | --- | ---: |", ...rows].join("\n");
}
