/** Qualities that are offered, from the largest file to the smallest. */
export const QUALITIES = [100, 95, 90, 85, 80, 70, 60] as const;

/** Longer sides in pixels that are offered: for screens, and for mail. */
export const LONGEST_SIDES = [8192, 4096, 2560, 2048, 1600, 1080] as const;

/** What may show through a transparent photo. */
export const BACKGROUNDS = [
  { value: "#ffffff", name: "white" },
  { value: "#808080", name: "grey" },
  { value: "#000000", name: "black" },
] as const;

/** Finds the option that a box names by its text; undefined where it names none. */
export function findOption<T>(known: readonly T[], text: string): T | undefined {
  return known.find((value) => String(value) === text);
}
