import protobuf from "protobufjs";
import { z } from "zod";

import { LabError } from "#shared/labError.ts";

/** ONNX's numbers for the types that our models hold. */
export const FLOAT = 1;
export const INT32 = 6;

/** A set of operators and the file format that goes with it. */
interface Version {
  readonly opset: number;
  readonly ir: number;
}
/** Space to depth and depth to space mean the same since 13; 17 is the oldest set that every runtime in use still reads. */
const USUAL: Version = { opset: 17, ir: 8 };
/** The oldest set with operators that the usual one lacks. */
const NEEDED: Readonly<Record<string, Version>> = { DeformConv: { opset: 19, ir: 9 } };
const NEWEST_OPSET = Math.max(USUAL.opset, ...Object.values(NEEDED).map(({ opset }) => opset));
/** Notes of ours among a file's metadata, which may have others. */
export const NOTE_PREFIX = "hinas.";
/** The newest file format whose messages this program knows; operators are named by the operator set. */
const NEWEST_IR_VERSION = 13;

const ATTRIBUTE_TYPES = { f: 1, i: 2, s: 3, ints: 7 } as const;

/** The value of an attribute: a float, a whole number, a word or whole numbers. */
export type OnnxAttribute =
  { readonly f: number } | { readonly i: number } | { readonly s: string } | { readonly ints: readonly number[] };

/** One operation; its inputs are values by name. */
export interface OnnxNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A constant of a model, row-major. */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
}

/** What goes in or comes out of a model; sizes that are free have names. */
export interface OnnxValue {
  readonly name: string;
  readonly type: typeof FLOAT | typeof INT32;
  readonly dims: readonly (number | string)[];
}

/** A model of plain operations and constants. */
export interface OnnxModel {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** The part of the ONNX format that our models need. */
const SCHEMA = `
syntax = "proto3";
message ModelProto {
  int64 ir_version = 1; string producer_name = 2; GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8; repeated StringStringEntryProto metadata_props = 14;
}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message StringStringEntryProto { string key = 1; string value = 2; }
message GraphProto {
  repeated NodeProto node = 1; string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
}
message NodeProto {
  repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4;
  repeated AttributeProto attribute = 5; string domain = 7;
}
message AttributeProto { string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated int64 ints = 8; int32 type = 20; }
message TensorProto {
  repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; int32 data_location = 14;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message TypeProto { Tensor tensor_type = 1; message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; } }
message TensorShapeProto { repeated Dimension dim = 1; }
message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
`;

let modelType: protobuf.Type | null = null;
const getModelType = (): protobuf.Type => (modelType ??= protobuf.parse(SCHEMA).root.lookupType("ModelProto"));

/** Encodes a model as the bytes of an ONNX file. */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const type = getModelType();
  return type.encode(type.fromObject(toMessage(model))).finish();
}

function versionFor(nodes: readonly OnnxNode[]): Version {
  const needed = nodes.flatMap(({ op }) => NEEDED[op] ?? []);
  return [USUAL, ...needed].reduce((newest, each) => (each.opset > newest.opset ? each : newest));
}

function toMessage({ nodes, initializers, inputs, outputs, metadata }: OnnxModel): object {
  const version = versionFor(nodes);
  return {
    irVersion: version.ir,
    producerName: "hinas-lab",
    opsetImport: [{ domain: "", version: version.opset }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: "denoiser",
      node: nodes.map(({ name, op, inputs: input, output, attributes }) => ({
        name,
        opType: op,
        input,
        output: [output],
        attribute: Object.entries(attributes).map(([key, value]) => toAttribute(key, value)),
      })),
      initializer: initializers.map(({ name, dims, data }) => ({
        name,
        dims,
        dataType: data instanceof Float32Array ? FLOAT : INT32,
        rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      })),
      input: inputs.map(toValueInfo),
      output: outputs.map(toValueInfo),
    },
  };
}

function toAttribute(name: string, value: OnnxAttribute): object {
  if ("f" in value) return { name, type: ATTRIBUTE_TYPES.f, f: value.f };
  if ("i" in value) return { name, type: ATTRIBUTE_TYPES.i, i: value.i };
  if ("s" in value) return { name, type: ATTRIBUTE_TYPES.s, s: new TextEncoder().encode(value.s) };
  return { name, type: ATTRIBUTE_TYPES.ints, ints: value.ints };
}

function toValueInfo({ name, type, dims }: OnnxValue): object {
  const dim = dims.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: type, shape: { dim } } } };
}

const wholeSchema = z.int().min(0);
const tensorSchema = z.object({
  name: z.string(),
  dims: z.array(wholeSchema),
  dataType: z.int(),
  rawData: z.instanceof(Uint8Array),
  dataLocation: z.int(),
});
const nodeSchema = z.object({
  name: z.string(),
  opType: z.string(),
  domain: z.string(),
  input: z.array(z.string()),
  output: z.array(z.string()),
  attribute: z.array(
    z.object({
      name: z.string(),
      type: z.int(),
      f: z.number(),
      i: z.int(),
      s: z.instanceof(Uint8Array),
      ints: z.array(z.int()),
    }),
  ),
});
const messageSchema = z.object({
  irVersion: wholeSchema,
  producerName: z.string(),
  opsetImport: z.array(z.object({ domain: z.string(), version: wholeSchema })),
  metadataProps: z.array(z.object({ key: z.string(), value: z.string() })),
  graph: z.object({ node: z.array(nodeSchema), initializer: z.array(tensorSchema) }).nullable(),
});

/** A constant of 32-bit floats, row-major. */
interface FloatTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** What a file says of itself, and what it holds. */
export interface OnnxContent extends Pick<OnnxModel, "nodes" | "metadata"> {
  readonly producer: string;
  /** The 32-bit floats among the constants, by name. */
  readonly tensors: ReadonlyMap<string, FloatTensor>;
}

/**
 * Reads the bytes of an ONNX file; every number in it is taken as hostile. `source` names the file in messages. Throws
 * LabError `bad_checkpoint`, or `newer_version` for a file format or operators that this program does not know.
 */
export function decodeOnnx(bytes: Uint8Array, source: string): OnnxContent {
  const type = getModelType();
  let message: unknown;
  try {
    message = type.toObject(type.decode(bytes), { longs: Number, defaults: true, arrays: true });
  } catch (cause) {
    throw new LabError("bad_checkpoint", `${source} must be a whole ONNX file, got one that does not parse`, {
      cause,
    });
  }
  const parsed = messageSchema.safeParse(message);
  if (!parsed.success || parsed.data.graph === null) {
    throw new LabError("bad_checkpoint", `${source} must hold an ONNX graph, got none`);
  }
  const { irVersion, producerName, opsetImport, metadataProps, graph } = parsed.data;
  const opset = opsetImport.find(({ domain }) => domain === "")?.version ?? 0; // Absent where no plain operator is used.
  checkVersion(source, "format version", irVersion, NEWEST_IR_VERSION);
  checkVersion(source, "operator set", opset, NEWEST_OPSET);
  return {
    producer: producerName,
    metadata: Object.fromEntries(metadataProps.map(({ key, value }) => [key, value])),
    nodes: graph.node.map(toNode),
    tensors: new Map(graph.initializer.flatMap((tensor) => readTensor(tensor, source))),
  };
}

function checkVersion(source: string, what: string, version: number, newest: number): void {
  if (version <= newest) return;
  throw new LabError(
    "newer_version",
    `${source} has ${what} ${version}, this program reads up to ${newest}; update it, or export the model for it`,
  );
}

function toNode({ name, opType, domain, input, output, attribute }: z.infer<typeof nodeSchema>): OnnxNode {
  const op = domain === "" ? opType : `${domain}.${opType}`;
  return {
    name,
    op,
    inputs: input,
    output: output.join(" "),
    attributes: Object.fromEntries(attribute.map((each) => [each.name, fromAttribute(each)])),
  };
}

function fromAttribute({ type, f, i, s, ints }: z.infer<typeof nodeSchema>["attribute"][number]): OnnxAttribute {
  if (type === ATTRIBUTE_TYPES.f) return { f };
  if (type === ATTRIBUTE_TYPES.i) return { i };
  if (type === ATTRIBUTE_TYPES.s) return { s: new TextDecoder().decode(s) };
  return { ints };
}

function readTensor(tensor: z.infer<typeof tensorSchema>, source: string): [string, FloatTensor][] {
  const { name, dims, dataType, rawData, dataLocation } = tensor;
  if (dataType !== FLOAT) return [];
  const expected = dims.reduce((product, size) => product * size, Float32Array.BYTES_PER_ELEMENT);
  if (dataLocation !== 0 || rawData.byteLength !== expected) {
    const got = dataLocation === 0 ? `${rawData.byteLength}` : "another file";
    throw new LabError("bad_checkpoint", `${source}: tensor ${name} must have ${expected} bytes inside, got ${got}`);
  }
  const copy = new Uint8Array(rawData.byteLength);
  copy.set(rawData);
  return [[name, { dims, data: new Float32Array(copy.buffer) }]];
}
