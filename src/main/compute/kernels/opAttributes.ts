import type { OpAttribute, TensorflowBackend } from "./tensorflowBackend.ts";

/** Makes the attributes of ops as the binding takes them. */
export class OpAttributes {
  readonly #binding: TensorflowBackend["binding"];
  readonly #made = new Map<string, readonly OpAttribute[]>();

  constructor(binding: TensorflowBackend["binding"]) {
    this.#binding = binding;
  }

  /** Returns what was built under this key the first time. */
  once(key: string, build: () => readonly OpAttribute[]): readonly OpAttribute[] {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = build();
    this.#made.set(key, made);
    return made;
  }

  /** The type of an op's numbers; 32-bit floats unless told. */
  type(name: string, value = this.#binding.TF_FLOAT): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_TYPE, value };
  }

  int(name: string, value: number): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_INT, value };
  }

  ints(name: string, value: readonly number[]): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_INT, value };
  }

  float(name: string, value: number): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_FLOAT, value };
  }

  bool(name: string, value: boolean): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_BOOL, value };
  }

  string(name: string, value: string): OpAttribute {
    return { name, type: this.#binding.TF_ATTR_STRING, value };
  }

  /** Of a convolution with stride 1, plain or depthwise. */
  convolution(op: string, padding: "SAME" | "VALID", dilation: number): readonly OpAttribute[] {
    return this.once(`${op} ${padding} ${dilation}`, () => [
      this.type("T"),
      this.ints("strides", [1, 1, 1, 1]),
      this.string("padding", padding),
      this.string("data_format", "NHWC"),
      this.ints("explicit_paddings", []),
      this.ints("dilations", [1, dilation, dilation, 1]),
      ...(op === "Conv2D" ? [this.bool("use_cudnn_on_gpu", true)] : []),
    ]);
  }

  /** Of what moves squares of pixels into channels and back. */
  block(block: number): readonly OpAttribute[] {
    return this.once(`block ${block}`, () => [
      this.type("T"),
      this.int("block_size", block),
      this.string("data_format", "NHWC"),
    ]);
  }

  bias(): readonly OpAttribute[] {
    return this.once("bias", () => [this.type("T"), this.string("data_format", "NHWC")]);
  }

  leaky(slope: number): readonly OpAttribute[] {
    return this.once(`leaky ${slope}`, () => [this.type("T"), this.float("alpha", slope)]);
  }

  gather(): readonly OpAttribute[] {
    return this.once("gather", () => [
      this.int("batch_dims", 0),
      this.type("Tparams"),
      this.type("Tindices", this.#binding.TF_INT32),
      this.type("Taxis", this.#binding.TF_INT32),
    ]);
  }
}
