/** What a pickle of plain data holds; a mapping is a Map, for its keys may be numbers. */
export type PickleValue =
  null | boolean | number | string | readonly PickleValue[] | ReadonlyMap<PickleValue, PickleValue>;

/** Things that may stand on the stack: values, and the only two names that are let in, with what is made of them. */
export type Item =
  | { readonly kind: "value"; readonly value: PickleValue }
  | { readonly kind: "mark" }
  | { readonly kind: "tuple"; readonly items: readonly Item[] }
  | { readonly kind: "list"; readonly items: PickleValue[] }
  | { readonly kind: "mapping"; readonly entries: Map<PickleValue, PickleValue> }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "name"; readonly name: AllowedName }
  | { readonly kind: "type"; readonly state: { isReady: boolean } };

/** A number that numpy wrote is a call of these two with eight bytes; nothing else may be called. */
export const ALLOWED = ["numpy.core.multiarray scalar", "numpy._core.multiarray scalar", "numpy dtype"] as const;
type AllowedName = (typeof ALLOWED)[number];

/** Whether a value is a list or a tuple. */
export function isList(value: PickleValue): value is readonly PickleValue[] {
  return Array.isArray(value);
}
