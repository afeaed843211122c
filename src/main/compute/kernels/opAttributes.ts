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
}
