/** One filter of a primitive; before the first one, and after each norm but the last, comes the leaky ReLU. */
export interface FilterStage {
  readonly name: string;
  /**
   * A depthwise filter treats each channel by itself; the taps of a deformable one move, and it can only come first. After the
   * first stage, a convolution must have side 1; a primitive cannot begin with two depthwise ones.
   */
  readonly kind: "convolution" | "depthwise" | "deformable";
  readonly side: number;
  readonly dilation: number;
  /** The batch norm that follows, by name; null where the next filter reads the output as it is. */
  readonly norm: string | null;
}

/** What a candidate operation computes, as plain data: filters one after another, the state itself, Gaussian noise instead of it, or nothing. */
export type PrimitiveSpec =
  ComputedSpec | { readonly kind: "identity" } | { readonly kind: "noise" } | { readonly kind: "zero" };

/** A primitive that computes. */
export interface ComputedSpec {
  readonly kind: "computed";
  readonly stages: readonly FilterStage[];
}

/** Leaky ReLU, a full convolution, batch norm (science notes 1.2). */
function convolution(side: number, dilation: number): ComputedSpec {
  return { kind: "computed", stages: [{ name: "conv", kind: "convolution", side, dilation, norm: "bn" }] };
}

/** Twice: leaky ReLU, depthwise convolution, pointwise convolution, batch norm (science notes 1.2). */
function separableTwice(side: number): ComputedSpec {
  const stages = [1, 2].flatMap((index): FilterStage[] => [
    { name: `depthwise_${index}`, kind: "depthwise", side, dilation: 1, norm: null },
    { name: `pointwise_${index}`, kind: "convolution", side: 1, dilation: 1, norm: `bn_${index}` },
  ]);
  return { kind: "computed", stages };
}

/** Leaky ReLU, a modulated deformable 3x3 convolution, batch norm: of the conference paper's space (science notes 1.2). */
const DEFORMABLE: ComputedSpec = {
  kind: "computed",
  stages: [{ name: "conv", kind: "deformable", side: 3, dilation: 1, norm: "bn" }],
};

/**
 * The candidate operations by name, which is their identity everywhere. Parameters, costs, reach, the supernet and the
 * derived network all follow from a row.
 */
const PRIMITIVE_TABLE = {
  conv_3x3: convolution(3, 1),
  sep_conv_3x3: separableTwice(3),
  sep_conv_5x5: separableTwice(5),
  dil_conv_3x3: convolution(3, 2),
  dil_conv_5x5: convolution(5, 2),
  def_conv_3x3: DEFORMABLE,
  skip_connect: { kind: "identity" },
  noise: { kind: "noise" },
  none: { kind: "zero" },
} as const satisfies Readonly<Record<string, PrimitiveSpec>>;

/** A candidate operation by name. */
export type Primitive = keyof typeof PRIMITIVE_TABLE;

/** Tells whether a text names a primitive. */
export function isPrimitive(name: string): name is Primitive {
  return Object.hasOwn(PRIMITIVE_TABLE, name);
}

/** All primitives in the order of the table. */
export const PRIMITIVES: readonly Primitive[] = Object.keys(PRIMITIVE_TABLE).filter(isPrimitive);

/** Looks up what a primitive computes. */
export function specOf(primitive: Primitive): PrimitiveSpec {
  return PRIMITIVE_TABLE[primitive];
}

/** Looks up a primitive that computes. Throws an Error for one that passes its state on, or nothing. */
export function computedSpecOf(primitive: Primitive): ComputedSpec {
  const spec = specOf(primitive);
  if (spec.kind !== "computed") throw new Error(`primitive: it must compute, ${primitive} does not`);
  return spec;
}
