import type { ThemeName } from "./primitiveColours.ts";

/** The colours of a drawing beside those of the primitives. */
export interface Theme {
  readonly name: ThemeName;
  readonly page: string;
  readonly card: string;
  readonly border: string;
  readonly text: string;
  readonly faintText: string;
  /** Nodes and inputs. */
  readonly state: string;
  /** Lines that carry no primitive: into the concat, and moves that were not taken. */
  readonly line: string;
  readonly accent: string;
}

export const THEMES: Readonly<Record<ThemeName, Theme>> = {
  light: {
    name: "light",
    page: "#ffffff",
    card: "#f8f9fb",
    border: "#dfe3e9",
    text: "#1b2230",
    faintText: "#5a6475",
    state: "#ffffff",
    line: "#aab3c0",
    accent: "#2f5fd0",
  },
  dark: {
    name: "dark",
    page: "#12151b",
    card: "#1a1f28",
    border: "#303846",
    text: "#eef1f6",
    faintText: "#a2acbb",
    state: "#242b37",
    line: "#697689",
    accent: "#7aa5ff",
  },
};
