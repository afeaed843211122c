import { endpointLayer } from "#shared/space/spaces/widths/widthLevels.ts";

import { subtract } from "#main/compute/layers/combine.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import type { Value } from "#main/compute/layers/tape.ts";

import { decode, runSkipBranch } from "./decoder.ts";
import { runFixedCell } from "./fixedCell.ts";
import type { CellOutput } from "./fixedCell.ts";
import { block, decoderStage, stageOf, trim } from "./networkPass.ts";
import type { NetworkPass } from "./networkPass.ts";
import { edgesOfLayer } from "./structure.ts";

/** The two stems stand before the first layer. */
const STEM_1 = -2;
const STEM_2 = -1;

/**
 * Denoises `[B, H, W, 1]` with a derived network: stem, cells along the width path, decoder with a skip branch from the
 * last layer at width level 0; the predicted noise is subtracted from the input (science notes 1.4).
 */
export function runNetwork(pass: NetworkPass, noisy: Value): Value {
  const { tape, plan } = pass;
  const { cells, widthPath } = plan.genotype;
  const skipLayer = endpointLayer(widthPath);
  // Of each layer, s1 and s0 as they come.
  const inputs: Value[][] = cells.map(() => []);

  const first = tape.scope(() => leakyRelu(tape, block(pass, noisy, "stem_1", true)));
  handOn(pass, first, STEM_1, inputs);
  const second = block(pass, first, "stem_2", false);
  tape.release([first]);
  let skip = skipLayer === null ? reduceStem(pass, second) : null;
  let last = leakyRelu(tape, second);
  tape.release([second]);
  handOn(pass, last, STEM_2, inputs);

  for (const [layer, [s1, s0]] of inputs.entries()) {
    if (s1 === undefined || s0 === undefined) throw new Error(`network: layer ${layer} has no inputs`);
    tape.release([last]);
    const output = tape.scope(() => runLayer(pass, layer, s1, s0));
    last = output.activated;
    if (output.raw !== null) skip = runSkipBranch(pass, output.raw, stageOf(layer));
    handOn(pass, last, layer, inputs);
  }

  if (skip === null) throw new Error("network: the width path has no endpoint");
  const branch = skip;
  return tape.scope(() => {
    const noise = decode(pass, branch, last);
    const decoder = decoderStage(plan);
    const near = pass.trim?.(noisy, 0, decoder) ?? noisy;
    return trim(pass, subtract(tape, near, noise), decoder, decoder + 1);
  });
}

/** Scales an output for the layers that read it, the next as s0 and the one after as s1, so that nobody needs it later. */
function handOn(pass: NetworkPass, activated: Value, output: number, inputs: readonly Value[][]): void {
  const readers = [
    ["s0", output + 1],
    ["s1", output + 2],
  ] as const;
  for (const [name, layer] of readers) {
    const scaled = (): Value => block(pass, activated, `layer_${layer}.scale_${name}`, false);
    inputs[layer]?.push(trim(pass, scaled(), stageOf(Math.max(output, STEM_2)), stageOf(layer)));
  }
}

/** The skip branch where no layer is at width level 0. */
function reduceStem(pass: NetworkPass, stem: Value): Value {
  return runSkipBranch(pass, block(pass, stem, "endpoint_reduce", false), stageOf(STEM_2));
}

function runLayer(pass: NetworkPass, layer: number, s1: Value, s0: Value): CellOutput {
  const { tape, plan, parameters, normalise } = pass;
  const { cells, widthPath } = plan.genotype;
  const nodes = cells[layer]?.nodes.length ?? 0;
  const wantsRaw = layer === endpointLayer(widthPath);
  const edges = edgesOfLayer(plan, layer);
  const prefix = `layer_${layer}`;
  return runFixedCell({ tape, parameters, normalise, prefix, edges, nodes, wantsRaw }, s1, s0);
}
