import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { foldGraph, graphParameters } from "#shared/space/graph/graphParameters.ts";
import { liveNodes, type NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import { countChannels, countParameters } from "#shared/space/graph/parameters.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";

import { REPEATS, WARM_UP } from "./benchNetwork.ts";
import type { TorchMeasurement } from "./measurements.ts";

const SCRIPT = fileURLToPath(new URL("./torchPeer.py", import.meta.url));

/** Its memory grows with the picture, as it does not tile; speed per pixel does not. */
const INFERENCE_SIDE = 512;

/**
 * Measures a network's training step and inference in PyTorch, by a script that is given the network's nodes. Returns why not,
 * in words, where no Python on the path, nor the one that HINAS_PYTHON names, has PyTorch. Throws where the script fails.
 */
export function measureTorch(graph: NetworkGraph, env: NodeJS.ProcessEnv): TorchMeasurement | string {
  const python = findPython(env);
  if (python === null)
    return "PyTorch is skipped: no python3 on the path has torch, and HINAS_PYTHON names none that has";
  const measured = runTorch(python, describeJob(graph, REPEATS), env);
  const expected = countParameters(graphParameters({ ...graph, nodes: liveNodes(graph) }));
  if (measured.parameters !== expected) {
    throw new Error(`bench: the network in PyTorch must have ${expected} parameters, got ${measured.parameters}`);
  }
  return measured;
}

/** What the script measures: the network as it is trained, and folded as it is used. */
export function describeJob(graph: NetworkGraph, repeats: number): object {
  const { batchSize, patchSize, ssimWeight } = trainConfigSchema.parse({}).training;
  return {
    warmUp: Math.min(WARM_UP, repeats),
    repeats,
    training: { graph: toPlainGraph(graph), batchSize, patchSize, ssimWeight },
    inference: { graph: toPlainGraph(foldGraph(graph)), side: INFERENCE_SIDE },
  };
}

/** Runs the script; `python` must have torch. Throws where it fails. */
export function runTorch(python: string, job: object, env: NodeJS.ProcessEnv): TorchMeasurement {
  const { status, stdout, stderr } = spawnSync(python, [SCRIPT], { env, encoding: "utf8", input: JSON.stringify(job) });
  if (status !== 0) throw new Error(`bench: the network in PyTorch failed with ${status}\n${stderr}`);
  return JSON.parse(stdout) as TorchMeasurement;
}

/** The first Python that can import torch. */
export function findPython(env: NodeJS.ProcessEnv): string | null {
  const named = env["HINAS_PYTHON"];
  const candidates = named === undefined ? ["python3", "python"] : [named];
  return candidates.find((python) => spawnSync(python, ["-c", "import torch"], { env }).status === 0) ?? null;
}

/** The graph as the script reads it: channels as plain numbers. */
function toPlainGraph({ nodes, output }: NetworkGraph): object {
  return {
    nodes: nodes.map((node) => ("channels" in node ? { ...node, channels: countChannels(node.channels) } : node)),
    output,
  };
}
