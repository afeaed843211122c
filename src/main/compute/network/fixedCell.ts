import type { Tensor } from "@tensorflow/tfjs-core";

import { add, concatenate } from "#main/compute/layers/combine.ts";
import { leakyRelu } from "#main/compute/layers/leakyRelu.ts";
import { parameterOf } from "#main/compute/layers/parameters.ts";
import type { Tape, Value } from "#main/compute/layers/tape.ts";
import type { ComputedOp } from "#main/compute/ops/op.ts";

import type { Normalise } from "./normalise.ts";
import type { CellEdge } from "./structure.ts";

/** What a cell of a derived network is run with. */
export interface CellPass {
  readonly tape: Tape;
  readonly parameters: ReadonlyMap<string, Value<Tensor>>;
  readonly normalise: Normalise;
  /** Prefix of the cell's parameters, `layer_2`. */
  readonly prefix: string;
  readonly edges: readonly CellEdge[];
  readonly nodes: number;
}

/** Runs a derived cell on `s1` and `s0`, both `[B, H, W, C]`: the nodes joined along channels, `[B, H, W, nodes * C]`. */
export function runFixedCell(pass: CellPass, s1: Value, s0: Value): Value {
  const states = [s1, s0];
  const activated: (Value | undefined)[] = [];
  for (let node = 0; node < pass.nodes; node++) {
    const terms = pass.edges.flatMap((edge, index) => {
      const state = edge.node === node ? states[edge.state] : undefined;
      if (state === undefined) {
        return [];
      }
      if (edge.op.kind !== "computed") {
        return [{ value: state, isOwn: false }];
      }
      const input = (activated[edge.state] ??= leakyRelu(pass.tape, state));
      return [{ value: runOp(pass, edge.op, input, index), isOwn: true }];
    });
    states.push(sumTerms(pass.tape, terms));
  }
  pass.tape.release(activated.filter((value) => value !== undefined));
  return concatenate(pass.tape, states.slice(2));
}

/** Sums the edges into a node and frees what only this sum reads; a state read by a skip connection stays. */
function sumTerms(tape: Tape, terms: readonly { value: Value; isOwn: boolean }[]): Value {
  const sum = add(
    tape,
    terms.map(({ value }) => value),
  );
  tape.discard(terms.flatMap(({ value, isOwn }) => (isOwn ? [value] : [])));
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
