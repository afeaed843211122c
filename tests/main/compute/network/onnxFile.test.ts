import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { runOnce, toTensor } from "#main/compute/denoise/onnxTiles.ts";
import { loadOnnxRuntime, openSession } from "#main/compute/engine/onnxRuntime.ts";
import { decodeOnnxFile, encodeOnnxFile } from "#main/compute/network/onnxFile.ts";
import { decodeOnnx, encodeOnnx, FLOAT, type OnnxContent, type OnnxModel } from "#main/export/onnxModel.ts";
import { foldNorms } from "#main/compute/network/foldNorms.ts";
import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import { LabError } from "#shared/labError.ts";
import { foldGraph } from "#shared/space/graph/graphParameters.ts";
import { inputPlanes } from "#shared/space/graph/frame.ts";
import { type AnyNetworkPlan, buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";

import { largestDifference } from "#tests/helpers/arrays.ts";
import { makeRandomPhoto } from "#tests/helpers/makePhoto.ts";
import { kernels } from "#tests/main/compute/denoise/denoisers.ts";
import { networkPlans } from "#tests/shared/space/arbitraries.ts";

import * as tf from "@tensorflow/tfjs-core";
import { predictFolded } from "./graphPasses.ts";
import { drawNetwork, FRAMES, MIXED_GENOTYPE, MIXED_PLAN, SMALL_PLAN } from "./tinyNetwork.ts";

const runtime = await loadOnnxRuntime();

/** Pictures of one size for all planes that a network reads. */
function drawPlanes(plan: AnyNetworkPlan, width: number, height: number) {
  return inputPlanes(plan).map(({ name, channels }, index) => {
    const [first, ...rest] = Array.from({ length: channels }, (_, c) => makeRandomPhoto(width, height, 1, index + c));
    const data = Float32Array.from(
      { length: width * height * channels },
      (_, i) => [first, ...rest][i % channels]!.data[Math.floor(i / channels)]!,
    );
    return { name, picture: { width, height, channels: channels as 1 | 3, data } };
  });
}

async function runFile(bytes: Uint8Array, planes: ReturnType<typeof drawPlanes>): Promise<Float32Array> {
  const session = await openSession(runtime, bytes);
  const feeds = Object.fromEntries(planes.map(({ name, picture }) => [name, toTensor(runtime, picture)]));
  const output = await runOnce(session, feeds);
  await session.release();
  return output;
}

function runNetwork({ plan, parameters, statistics }: TrainedNetwork, planes: ReturnType<typeof drawPlanes>) {
  const graph = buildNetworkGraph(plan);
  const tensors = planes.map(({ name, picture }) => {
    const { width, height, channels, data } = picture;
    return [name, tf.tensor4d(data, [1, height, width, channels])] as const;
  });
  const flat = foldNorms(graph, parameters, statistics);
  const output = predictFolded(kernels, foldGraph(graph), new Map(tensors), flat);
  tf.dispose(tensors.map(([, tensor]) => tensor));
  return output;
}

const small = drawNetwork(SMALL_PLAN);
const smallFile = encodeOnnxFile(small, { card: "{}" });

/** Writes the small network's file with something else about it. */
function rewrite(change: (content: OnnxContent) => Partial<OnnxModel>): Uint8Array {
  const content = decodeOnnx(smallFile, "small.onnx");
  const initializers = [...content.tensors].map(([name, tensor]) => ({ name, ...tensor }));
  const value = { type: FLOAT, dims: ["N", 1, "H", "W"] } as const;
  const inputs = [{ name: "noisy", ...value }];
  const outputs = [{ name: "denoised", ...value }];
  return encodeOnnx({ ...content, initializers, inputs, outputs, ...change(content) });
}

function refusalOf(bytes: Uint8Array): LabError {
  try {
    decodeOnnxFile(bytes, "small.onnx");
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error("not refused");
}

describe("an ONNX file", () => {
  it("opens in onnxruntime and gives what the lab gives, noise map included, at any size and whatever the network", async () => {
    const steps = fc.integer({ min: 1, max: 9 });
    await fc.assert(
      fc.asyncProperty(networkPlans, steps, steps, async (plan, columns, rows) => {
        const network = drawNetwork(plan);
        const planes = drawPlanes(plan, 8 * columns, 8 * rows);
        const output = await runFile(encodeOnnxFile(network, {}), planes);
        expect(largestDifference(output, runNetwork(network, planes))).toBeLessThan(1e-4);
      }),
      { numRuns: 25, seed: 5 },
    );
  });

  it("names its planes, and takes a map of the noise beside the picture", async () => {
    const network = drawNetwork(planNetwork(MIXED_GENOTYPE, { filters: 4, imageChannels: 3, noiseMap: true }));
    const session = await openSession(runtime, encodeOnnxFile(network, {}));
    expect(session.inputNames).toEqual(["noisy", "noise_map"]);
    expect(session.outputNames).toEqual(["denoised"]);
    await session.release();
  });

  it("is not run on a map of the noise that has another size than the picture, and says which", async () => {
    const network = drawNetwork(planNetwork(MIXED_GENOTYPE, { filters: 2, noiseMap: true }));
    const [picture] = drawPlanes(network.plan, 8, 8);
    const [, map] = drawPlanes(network.plan, 8, 16);
    const run = runFile(encodeOnnxFile(network, {}), [picture!, map!]);
    await expect(run).rejects.toMatchObject({
      kind: "engine",
      message: expect.stringContaining("on noisy [1, 1, 8, 8], noise_map [1, 1, 16, 8]"),
    });
  });

  it.each(FRAMES)("gives the same network back: %j", (frame) => {
    const network = drawNetwork(planNetwork(MIXED_GENOTYPE, { filters: 4, ...frame }));
    const { network: read, notes } = decodeOnnxFile(encodeOnnxFile(network, { card: "here" }), "x.onnx");
    expect(read.plan).toEqual(network.plan);
    expect(notes).toMatchObject({ card: "here" });
    // Bit by bit what it was: exporting and importing again and again changes nothing.
    const planes = drawPlanes(network.plan, 8, 8);
    expect(runNetwork(read, planes)).toEqual(runNetwork(network, planes));
  });
});

describe("decodeOnnxFile refuses", () => {
  it("a file of another program, by that program's name", () => {
    const error = refusalOf(rewrite(() => ({ metadata: { author: "somebody" } })));
    expect(error.kind).toBe("bad_checkpoint");
    expect(error.message).toContain("small.onnx must be a network that HiNAS Lab exported");
  });

  it("a file that was written by a newer program", () => {
    const error = refusalOf(rewrite(({ metadata }) => ({ metadata: { ...metadata, "hinas.version": "2" } })));
    expect(error).toMatchObject({ kind: "newer_version" });
    expect(error.message).toContain("must have version 1 of our notes, got 2");
  });

  it("a filter of another shape, and one that is not there", () => {
    const change = (dims: readonly number[]) =>
      rewrite(({ tensors }) => ({
        initializers: [...tensors].map(([name, { dims: own, data }]) => ({
          name,
          dims: name === "stem_2.conv.weight" ? dims : own,
          data,
        })),
      }));
    expect(refusalOf(change([64, 64, 9])).message).toContain("stem_2.conv.weight must have the shape [64, 64, 3, 3]");
    const without = rewrite(({ tensors }) => ({
      initializers: [...tensors].flatMap(([name, tensor]) =>
        name === "stem_2.conv.weight" ? [] : [{ name, ...tensor }],
      ),
    }));
    expect(refusalOf(without).message).toContain("stem_2.conv.weight must have 36864 numbers, got nothing");
  });

  it("a plan that asks for more than there is memory, before room is made for it", () => {
    const settings = { ...MIXED_PLAN, filters: 1024, decoderChannels: 1024, endpointChannels: 1024 };
    const { genotype, ...network } = settings;
    const notes = { "hinas.genotype": JSON.stringify(genotype), "hinas.network": JSON.stringify(network) };
    const bytes = rewrite(({ metadata }) => ({ metadata: { ...metadata, ...notes } }));
    expect(refusalOf(bytes)).toMatchObject({ kind: "bad_checkpoint", message: expect.stringMatching(/numbers, got/) });
    const { message } = refusalOf(
      rewrite(({ metadata }) => ({
        metadata: { ...metadata, "hinas.network": JSON.stringify({ ...network, filters: 100_000 }) },
      })),
    );
    expect(message).toContain("note network, filters, must have a network's settings");
  });

  it.each([NaN, Infinity])("a filter with %d in it", (bad) => {
    const bytes = rewrite(({ tensors }) => ({
      initializers: [...tensors].map(([name, { dims, data }]) => ({
        name,
        dims,
        data: data.map((v, i) => (i === 3 ? bad : v)),
      })),
    }));
    expect(refusalOf(bytes).message).toContain(`must have finite numbers, got ${bad}`);
  });

  it("operations that are not those of its genotype", () => {
    const bytes = rewrite(({ nodes }) => ({
      nodes: nodes.map((node) => (node.op === "LeakyRelu" ? { ...node, attributes: { alpha: { f: 0.01 } } } : node)),
    }));
    expect(refusalOf(bytes).message).toMatch(/operation \d+ must have .*LeakyRelu.* got .*0\.00999/);
  });

  it("anything that is damaged, always as a LabError that names the file", () => {
    const damage = fc.oneof(
      fc.integer({ min: 0, max: smallFile.length - 1 }).map((end) => smallFile.subarray(0, end)),
      fc.uint8Array({ maxLength: 300 }),
      fc
        .tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 255 }))
        .map(([index, byte]) => smallFile.map((value, i) => (i === smallFile.length - 1 - index ? byte : value))),
      fc
        .tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 255 }))
        .map(([index, byte]) => smallFile.map((value, i) => (i === index ? byte : value))),
    );
    fc.assert(
      fc.property(damage, (bytes) => {
        try {
          decodeOnnxFile(bytes, "small.onnx");
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
          expect((error as LabError).message).toContain("small.onnx");
        }
      }),
      { numRuns: 150, seed: 7 },
    );
  });
});
