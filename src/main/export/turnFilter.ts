import { at } from "#shared/at.ts";

/** Turns a filter `[taps, input, filters]` to `[filters, input, taps]`; what it gives turned again is the filter. */
export function turnFilter(
  values: Float32Array,
  taps: number,
  input: number,
  filters: number,
): Float32Array<ArrayBuffer> {
  const turned = new Float32Array(values.length);
  for (let tap = 0; tap < taps; tap++) {
    for (let i = 0; i < input; i++) {
      for (let o = 0; o < filters; o++) {
        turned[(o * input + i) * taps + tap] = at(values, (tap * input + i) * filters + o, "filter");
      }
    }
  }
  return turned;
}
