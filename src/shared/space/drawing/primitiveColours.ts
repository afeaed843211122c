import type { Primitive } from "#shared/space/cells/primitives.ts";

export type ThemeName = "light" | "dark";

/**
 * One colour per primitive, told apart by people who see red and green alike (after Okabe and Ito): a hue per family,
 * two shades where a family has two sizes, greys for what computes nothing. Each stands out 3 to 1 from its background.
 */
export const PRIMITIVE_COLOURS: Readonly<Record<ThemeName, Readonly<Record<Primitive, string>>>> = {
  light: {
    conv_3x3: "#0072b2",
    sep_conv_3x3: "#b87400",
    sep_conv_5x5: "#c24b00",
    dil_conv_3x3: "#008a64",
    dil_conv_5x5: "#a8488a",
    def_conv_3x3: "#5b4fc7",
    skip_connect: "#6b7280",
    noise: "#c81e4a",
    none: "#848b96",
  },
  dark: {
    conv_3x3: "#56b4e9",
    sep_conv_3x3: "#f0b429",
    sep_conv_5x5: "#f5803e",
    dil_conv_3x3: "#2fc49a",
    dil_conv_5x5: "#e394c4",
    def_conv_3x3: "#a79bff",
    skip_connect: "#a3abb8",
    noise: "#ff8fa3",
    none: "#7b8390",
  },
};
