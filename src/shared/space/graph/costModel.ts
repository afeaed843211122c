import { edgeCount } from "#shared/space/cells/cellGraph.ts";
import { convCost, type Cost, opCost, outputCost, separableCost, sumCosts } from "./convCost.ts";
import type { Genotype, GenotypeCell } from "#shared/space/cells/genotype.ts";
import { receptiveFieldPx } from "./receptiveField.ts";
import type { SearchSpace } from "#shared/space/spaces/widths/searchSpace.ts";
import {
  channelsOfLevel,
  endpointLayer,
  levelCountOfLayer,
  MOVE_STEPS,
  MOVES,
  routersOf,
} from "#shared/space/spaces/widths/widthLevels.ts";

/** Channels that the papers fix whatever the filters are: the stem, and the decoder with its skip branch. */
const STEM_CHANNELS = 64;
const DECODER_CHANNELS = 128;
const ENDPOINT_CHANNELS = 48;

/** The cost of one named part of a network. */
export interface PartCost extends Cost {
  readonly name: string;
}

/** The cost of a whole network and where it goes. */
export interface NetworkCost extends Cost {
  readonly receptiveFieldPx: number;
  /** Stem, layers and decoder in the order they run; they sum to the whole. */
  readonly layers: readonly PartCost[];
}

/**
 * Counts a final network (science notes 1.4): trainable parameters with batch norms and biases, and multiply-adds per
 * pixel of all convolutions. `filters` are the channels at width factor 1; `channels` is 1 for grey, 3 for colour.
 * The reduced stem counts among the parameters even where no path reads it, as in the authors' network; its
 * multiply-adds count only where it runs.
 */
export function networkCost(genotype: Genotype, filters: number, { channels }: { channels: number }): NetworkCost {
  const { cells, widthPath, widthFactors } = genotype;
  const widths = widthPath.map((level) => channelsOfLevel({ filters, widthFactors }, level));
  const outputs = cells.map(({ nodes }, layer) => nodes.length * (widths[layer] ?? 0));
  const endpoint = outputs[endpointLayer(widthPath) ?? -1];
  const reduced = (cells[0]?.nodes.length ?? 0) * channelsOfLevel({ filters, widthFactors }, 0);
  const reduce = convCost(3, STEM_CHANNELS, reduced, "plain");
  const layers: PartCost[] = [
    { name: "stem_1", ...convCost(3, channels, STEM_CHANNELS, "affine") },
    { name: "stem_2", ...convCost(3, STEM_CHANNELS, STEM_CHANNELS, "affine") },
    { name: "endpoint_reduce", ...reduce, ...(endpoint === undefined ? {} : { multiplyAddsPerPixel: 0 }) },
    ...cells.map((cell, layer) => ({
      name: `layer_${layer}`,
      ...fixedCellCost(cell, [outputs[layer - 1], outputs[layer - 2]], widths[layer] ?? 0),
    })),
    { name: "decoder", ...networkDecoderCost(endpoint ?? reduced, outputs.at(-1) ?? 0, channels) },
  ];
  return { ...sumCosts(layers), receptiveFieldPx: receptiveFieldPx(genotype), layers };
}

/** `inputs` are the channels of s0 and s1; what no layer gives comes from the stem. */
function fixedCellCost(cell: GenotypeCell, inputs: readonly (number | undefined)[], channels: number): Cost {
  const scales = inputs.map((input) => convCost(1, input ?? STEM_CHANNELS, channels, "affine"));
  const ops = cell.nodes.flat().map(({ primitive }) => opCost(primitive, channels, "affine"));
  return sumCosts([...scales, ...ops]);
}

function networkDecoderCost(endpoint: number, last: number, channels: number): Cost {
  return sumCosts([
    convCost(1, endpoint, ENDPOINT_CHANNELS, "affine"),
    convCost(1, last, DECODER_CHANNELS, "affine"),
    separableCost(3, ENDPOINT_CHANNELS + DECODER_CHANNELS, DECODER_CHANNELS),
    separableCost(3, DECODER_CHANNELS, DECODER_CHANNELS),
    outputCost(3, DECODER_CHANNELS, channels),
  ]);
}

/**
 * Counts the supernet of a search space for grey pictures (science notes 1.3 and 1.4): the weight variables without
 * alpha and beta, and multiply-adds per pixel of all convolutions. Only the decoder's atrous branches have affine batch norms.
 */
export function supernetCost(space: SearchSpace): Cost {
  const levels = Array.from({ length: levelCountOfLayer(space.layers - 1, space.widthFactors.length) }, (_, h) => h);
  const output = (level: number): number => space.nodes * channelsOfLevel(space, level);
  const stem = [
    convCost(3, 1, STEM_CHANNELS, "plain"),
    convCost(3, STEM_CHANNELS, output(0), "plain"),
    convCost(3, STEM_CHANNELS, channelsOfLevel(space, 0), "plain"),
  ];
  const widens = levels
    .slice(1)
    .map((level) => convCost(1, channelsOfLevel(space, level - 1), channelsOfLevel(space, level), "plain"));
  const routers = routersOf(space).flatMap(({ level, moves }) =>
    MOVES.filter((move) => moves[move]).map((move) =>
      convCost(1, output(level), channelsOfLevel(space, level + MOVE_STEPS[move]), "plain"),
    ),
  );
  return sumCosts([...stem, ...widens, ...routers, ...searchCellCosts(space), supernetDecoderCost(levels.map(output))]);
}

function searchCellCosts(space: SearchSpace): Cost[] {
  const levels = Array.from({ length: space.layers }, (_, layer) =>
    Array.from({ length: levelCountOfLayer(layer, space.widthFactors.length) }, (_, level) => level),
  ).flat();
  return levels.flatMap((level) => {
    const mixedOp = sumCosts(space.primitives.map((name) => opCost(name, channelsOfLevel(space, level), "plain")));
    return Array.from({ length: edgeCount(space.nodes) }, () => mixedOp);
  });
}

/** `outputs` are the channels that the last layer's cells give, narrowest level first; each branch projects to the first. */
function supernetDecoderCost(outputs: readonly number[]): Cost {
  const width = outputs[0] ?? 0;
  const branches = outputs.flatMap((inputs) => [
    convCost(1, inputs, width, "plain"),
    separableCost(3, inputs, width),
    convCost(1, 2 * width, width, "plain"),
  ]);
  const merged = outputs.length * width;
  return sumCosts([...branches, convCost(3, merged, merged, "plain"), outputCost(3, merged, 1)]);
}
