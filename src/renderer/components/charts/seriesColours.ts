import type { ThemeName } from "#shared/space/drawing/primitiveColours.ts";

/**
 * Colours for things that stand beside each other in one chart, told apart by people who see red and green alike (after
 * Okabe and Ito, and Tol). Each stands out 3 to 1 from the surface of its theme.
 */
export const SERIES_COLOURS: Readonly<Record<ThemeName, readonly string[]>> = {
  light: ["#2f5fd0", "#b35900", "#117864", "#a8327e", "#6b6f00", "#4b5565"],
  dark: ["#7aa5ff", "#f5a04c", "#3ecfae", "#ee8fc8", "#d3d24e", "#b4bdca"],
};
