import protobuf from "protobufjs";

/** TensorFlow's numbers for the types that our graphs hold. */
export const FLOAT = 1;
export const INT32 = 3;
export const BOOL = 10;
export const BFLOAT16 = 14;

/** The tag under which a graph is written and loaded. */
export const GRAPH_TAG = "serve";

/** Written by a graph that is older than any TensorFlow we run on, so that none refuses it. */
const GRAPH_VERSION = { producer: 987, minConsumer: 12 };

/** One attribute of a graph's node, in the form that the file format has. */
export type NodeAttribute =
  | { readonly s: Uint8Array }
  | { readonly i: number }
  | { readonly f: number }
  | { readonly b: boolean }
  | { readonly type: number }
  | { readonly list: { readonly i: readonly number[] } }
  | { readonly shape: GraphShape }
  | { readonly tensor: GraphConstant };

/** Sizes of a tensor; -1 stands for any. */
export interface GraphShape {
  readonly dim: readonly { readonly size: number }[];
}

export interface GraphConstant {
  readonly dtype: number;
  readonly tensorShape: GraphShape;
  /** The values, little-endian. */
  readonly tensorContent: Uint8Array;
}

/** One operation of a graph; its inputs are outputs of other nodes, `name` for the first and `name:k` for output k. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, NodeAttribute>>;
}

/** The part of TensorFlow's SavedModel format that a graph of constants and plain operations needs. */
const SCHEMA = `
syntax = "proto3";
message SavedModel { int64 saved_model_schema_version = 1; repeated MetaGraphDef meta_graphs = 2; }
message MetaGraphDef { MetaInfoDef meta_info_def = 1; GraphDef graph_def = 2; }
message MetaInfoDef { repeated string tags = 4; }
message GraphDef { repeated NodeDef node = 1; VersionDef versions = 4; }
message VersionDef { int32 producer = 1; int32 min_consumer = 2; }
message NodeDef { string name = 1; string op = 2; repeated string input = 3; map<string, AttrValue> attr = 5; }
message AttrValue {
  oneof value { ListValue list = 1; bytes s = 2; int64 i = 3; float f = 4; bool b = 5; int32 type = 6; TensorShapeProto shape = 7; TensorProto tensor = 8; }
}
message ListValue { repeated int64 i = 3; }
message TensorProto { int32 dtype = 1; TensorShapeProto tensor_shape = 2; bytes tensor_content = 4; }
message TensorShapeProto { repeated Dim dim = 2; }
message Dim { int64 size = 1; }
`;

let savedModel: protobuf.Type | null = null;

/** Encodes a graph as the bytes of a SavedModel's `saved_model.pb`. */
export function encodeSavedModel(nodes: readonly GraphNode[]): Uint8Array {
  savedModel ??= protobuf.parse(SCHEMA).root.lookupType("SavedModel");
  const graphDef = { node: nodes, versions: GRAPH_VERSION };
  const metaGraph = { metaInfoDef: { tags: [GRAPH_TAG] }, graphDef };
  return savedModel.encode(savedModel.fromObject({ savedModelSchemaVersion: 1, metaGraphs: [metaGraph] })).finish();
}
