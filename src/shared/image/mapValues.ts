/** Makes new values from a photo's, as `data.map` does; that takes ten times as long, seconds for a large photo. */
export function mapValues(data: Float32Array, make: (value: number, index: number) => number): Float32Array {
  const made = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) made[i] = make(data[i] ?? NaN, i);
  return made;
}
