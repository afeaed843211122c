import type { Primitive } from "./primitives.ts";

/**
 * The arch variables as plain data. Identity is by name: `alpha` columns follow `primitives`.
 * `alpha` is `[layers, edges, primitives]` logits (tied alpha is stored once per layer, all equal);
 * `beta` is `[routers, 3]` logits (to narrower, same, wider), routers ordered by layer and then by width level.
 */
export interface ArchLogits {
  readonly primitives: readonly Primitive[];
  readonly alpha: readonly (readonly (readonly number[])[])[];
  readonly beta: readonly (readonly number[])[];
}
