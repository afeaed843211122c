import type { ThemeName } from "#shared/space/drawing/primitiveColours.ts";

/** Returns the value of a colour that may be a custom property; canvas knows no `var()`. */
export function resolveColour(colour: string, element: Element): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  return name === undefined ? colour : getComputedStyle(element).getPropertyValue(name).trim();
}

/** Mixes two colours `#rrggbb`: `share` 0 is the first, 1 the second. */
export function mixColours(first: string, second: string, share: number): string {
  const [from, to] = [toChannels(first), toChannels(second)];
  const mixed = from.map((value, channel) => Math.round(value + ((to[channel] ?? value) - value) * share));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

/** Returns black or white, whichever can be read better on a colour `#rrggbb`: at least 4.5 to 1 (WCAG 2). */
export function toReadableColour(background: string): string {
  const [red = 0, green = 0, blue = 0] = toChannels(background).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? "#000000" : "#ffffff";
}

/** 0..255 each. */
function toChannels(colour: string): number[] {
  const digits = colour.length === 4 ? colour.replace(/[^#]/g, "$&$&") : colour;
  return [1, 3, 5].map((start) => Number.parseInt(digits.slice(start, start + 2), 16));
}

/**
 * Colours for things that stand beside each other in one chart, told apart by people who see red and green alike (after
 * Okabe and Ito, and Tol). Each stands out 3 to 1 from the surface of its theme.
 */
export const SERIES_COLOURS: Readonly<Record<ThemeName, readonly string[]>> = {
  light: ["#2f5fd0", "#b35900", "#117864", "#a8327e", "#6b6f00", "#4b5565"],
  dark: ["#7aa5ff", "#f5a04c", "#3ecfae", "#ee8fc8", "#d3d24e", "#b4bdca"],
};
