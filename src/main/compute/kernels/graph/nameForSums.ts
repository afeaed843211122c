import type { GraphNode } from "./savedModel.ts";

/**
 * Renames nodes so that sums keep the order of their terms: TensorFlow sorts the terms by name when it loads a graph, and
 * the last bits of a sum depend on the order. Returns the new name of each node. Where two sums contradict each other, one
 * of them is computed in another order.
 */
export function nameForSums(nodes: readonly GraphNode[]): ReadonlyMap<string, string> {
  const predecessors = listPredecessors(nodes);
  const ordered = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    predecessors.get(name)?.forEach(visit);
    ordered.add(name);
  };
  for (const { name } of nodes) visit(name);
  const digits = String(nodes.length).length;
  return new Map([...ordered].map((name, index) => [name, `n${String(index).padStart(digits, "0")}_${name}`]));
}

/** Returns the nodes under their new names. */
export function renameNodes(nodes: readonly GraphNode[], names: ReadonlyMap<string, string>): GraphNode[] {
  const rename = (input: string): string => {
    const old = nodeOfInput(input);
    return input.replace(old, names.get(old) ?? old);
  };
  return nodes.map((node) => ({ ...node, name: rename(node.name), input: node.input.map(rename) }));
}

/** The node that an input names, without the output's number and the mark of a node that is only waited for. */
export function nodeOfInput(input: string): string {
  return /^\^?([^:]*)/.exec(input)?.[1] ?? input;
}

/** For each node those whose names must come before its own. Two terms give the same sum in either order. */
function listPredecessors(nodes: readonly GraphNode[]): ReadonlyMap<string, readonly string[]> {
  const predecessors = new Map<string, string[]>();
  for (const { op, input } of nodes) {
    const terms = input.filter((term) => !term.startsWith("^")).map(nodeOfInput);
    if (op !== "AddN" || terms.length < 3) continue;
    terms.slice(1).forEach((term, index) => {
      const before = terms[index];
      if (before !== undefined) predecessors.set(term, [...(predecessors.get(term) ?? []), before]);
    });
  }
  return predecessors;
}
