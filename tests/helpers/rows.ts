/** Nests a row-major array by its shape. */
export function rows(data: ArrayLike<number>, shape: readonly number[]): unknown {
  const [length = 0, ...rest] = shape;
  if (rest.length === 0) {
    return Array.from({ length }, (_, index) => data[index]);
  }
  const stride = rest.reduce((product, side) => product * side, 1);
  const values = Array.from(data);
  return Array.from({ length }, (_, index) => rows(values.slice(index * stride, (index + 1) * stride), rest));
}
