const BYTES_PER_FLOAT = 4;

/** Makes floats in memory that all threads see, so that a photo goes from one to the other without a copy. */
export function newFloats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * BYTES_PER_FLOAT));
}

/** Returns floats in memory that all threads see: the same where they lie there already, else a copy. */
export function toSharedFloats(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const shared = newFloats(values.length);
  shared.set(values);
  return shared;
}
