import { planExecution, rememberedValues } from "./execution.ts";
import { firstInputOf } from "./graphParameters.ts";
import { asFilter, formOfNode, type NetworkGraph, type NodeOf, type ValueForm, valueForms } from "./networkGraph.ts";
import { countChannels } from "./parameters.ts";

const BYTES_PER_NUMBER = 4;

/** The process with its engine before any batch. */
export const ENGINE_MB = 400;

/** The heap never packs perfectly: measured on three networks of 10 to 40 filters, the widest moment gives the rest. */
const INFERENCE_OVERHEAD = 1.2;

/** Gradients on the way back, the filters' own, and what the heap wastes: measured on the bench's training. */
const TRAINING_OVERHEAD = 1.35;

/**
 * Estimates the memory that a network needs to denoise, in bytes per pixel of its input: the widest moment of its run, where
 * filters, and what doubles the size, have their inputs and outputs twice, for these are repacked.
 */
export function inferenceBytesPerPixel(graph: NetworkGraph): number {
  const forms = valueForms(graph);
  const numbers = (name: string): number => numbersPerPixel(formOfNode(forms, name));
  let held = 0;
  let most = 0;
  for (const { nodes, value, lastReads } of planExecution(graph)) {
    const isMoved = nodes.some((node) => asFilter(node) !== null || node.kind === "enlarge");
    const moved = [value, ...nodes[0].inputs, ...nodes.slice(0, -1).map(({ name }) => name)];
    const read = nodes[0].kind === "deformable" ? readByTaps(nodes[0], numbers) : 0;
    held += numbers(value);
    most = Math.max(most, held + read + (isMoved ? moved.reduce((sum, name) => sum + numbers(name), 0) : 0));
    held -= lastReads.reduce((sum, name) => sum + numbers(name), 0);
  }
  return most * BYTES_PER_NUMBER * INFERENCE_OVERHEAD;
}

/** Estimates the resident memory in MB of a training step over `pixels` pixels of a batch, within a factor of about one and a half. */
export function trainingMemoryMb(graph: NetworkGraph, pixels: number): number {
  const forms = valueForms(graph);
  const remembered = [...rememberedValues(graph)].reduce(
    (sum, name) => sum + numbersPerPixel(formOfNode(forms, name)),
    0,
  );
  return ENGINE_MB + (remembered * TRAINING_OVERHEAD * BYTES_PER_NUMBER * pixels) / 1e6;
}

/** Each tap reads every channel at four pixels, which are there beside their sum. */
function readByTaps(node: NodeOf<"deformable">, numbers: (name: string) => number): number {
  return node.side ** 2 * numbers(firstInputOf(node)) * 5;
}

function numbersPerPixel({ channels, scale }: ValueForm): number {
  return countChannels(channels) / scale ** 2;
}
