import type { Tensor } from "@tensorflow/tfjs-core";

import { add, concatenate } from "#main/compute/layers/combine.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { ForwardTape, Value } from "#main/compute/layers/tape.ts";
import type { ComputedOp } from "#main/compute/ops/op.ts";

import type { Normalise } from "./normalise.ts";
import type { CellEdge } from "./structure.ts";

/** What a cell of a derived network is run with. */
export interface CellPass {
  readonly tape: ForwardTape;
  readonly parameters: ReadonlyMap<string, Value<Tensor>>;
  readonly normalise: Normalise;
  /** Prefix of the cell's parameters, `layer_2`. */
  readonly prefix: string;
  readonly edges: readonly CellEdge[];
  readonly nodes: number;
  /** Whether somebody reads the nodes as they are, not only through the activation. */
  readonly wantsRaw: boolean;
}

/** What leaves a cell: its nodes joined along channels, `[B, H, W, nodes * C]`. */
export interface CellOutput {
  /** Through the leaky ReLU: what the next layers read. */
  readonly activated: Value;
  /** As they are; null where nobody wants them. */
  readonly raw: Value | null;
}

/** A state of the cell; what nobody reads any more is null. */
interface State {
  readonly raw: Value | null;
  readonly activated: Value | null;
}

/** Runs a derived cell on `s1` and `s0`, both `[B, H, W, C]`, which are freed as soon as nobody reads them. */
export function runFixedCell(pass: CellPass, s1: Value, s0: Value): CellOutput {
  const { tape, nodes, wantsRaw } = pass;
  const inputs = [s1, s0];
  const states = inputs.map((value, index) => activate(pass, value, index, isRead(pass, index, "computed"), false));
  for (let node = 0; node < nodes; node++) {
    const sum = sumEdges(pass, states, node);
    states.push(activate(pass, sum, states.length, true, wantsRaw));
  }
  const made = states.slice(inputs.length);
  const raw = wantsRaw ? concatenate(tape, valuesOf(made, "raw")) : null;
  tape.release(valuesOf(states, "raw"));
  const activated = concatenate(tape, valuesOf(made, "activated"));
  tape.release(valuesOf(states, "activated"));
  return { activated, raw };
}

/** Puts a state through the activation once for all its readers. The raw values stay only where somebody reads them. */
function activate(pass: CellPass, raw: Value, index: number, isWanted: boolean, wantsRaw: boolean): State {
  const activated = isWanted ? leakyRelu(pass.tape, raw) : null;
  if (wantsRaw || isRead(pass, index, "identity")) return { raw, activated };
  pass.tape.release([raw]);
  return { raw: null, activated };
}

/** Whether an edge of a kind reads a state: computed ops read it activated, skip connections as it is. */
function isRead({ edges }: CellPass, state: number, kind: "computed" | "identity"): boolean {
  return edges.some((edge) => edge.state === state && edge.op.kind === kind);
}

function valuesOf(states: readonly State[], form: "raw" | "activated"): Value[] {
  return states.flatMap((state) => state[form] ?? []);
}

/** Sums the edges into a node and frees what only this sum reads; a state read by a skip connection stays. */
function sumEdges(pass: CellPass, states: readonly State[], node: number): Value {
  const own: Value[] = [];
  const terms = pass.edges.flatMap((edge, index) => {
    const state = edge.node === node ? states[edge.state] : undefined;
    if (state === undefined) return [];
    if (edge.op.kind !== "computed") return state.raw ?? [];
    if (state.activated === null) return [];
    const value = runOp(pass, edge.op, state.activated, index);
    own.push(value);
    return value;
  });
  const sum = add(pass.tape, terms);
  pass.tape.discard(own);
  return sum;
}

function runOp(
  { tape, parameters, normalise, prefix }: CellPass,
  op: ComputedOp,
  activated: Value,
  index: number,
): Value {
  const name = `${prefix}.op_${index}`;
  return tape.scope(() => {
    const output = op.apply({
      tape,
      activated,
      edges: 1,
      parameter: (parameter) => parameterOf(parameters, `${name}.${parameter}`),
      normaliseAndActivate: (x, norm) => normalise(x, `${name}.${norm}`, true),
    });
    const last = op.norms.at(-1);
    if (last === undefined) {
      throw new Error(`network: ${name} has no norm`);
    }
    return normalise(output, `${name}.${last.name}`, false);
  });
}
