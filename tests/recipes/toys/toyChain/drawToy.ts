import type { ToyGenotype } from "./genotype.ts";

/** Draws a square for each filter. */
export function drawToy({ sides }: ToyGenotype): string {
  const squares = sides.map((side, index) => `<rect x="${10 * index}" width="${side}" height="${side}"/>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="10">${squares.join("")}</svg>`;
}
