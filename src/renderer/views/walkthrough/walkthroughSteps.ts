import type { ThemeName } from "#shared/space/drawing/primitiveColours.ts";
import type { Catalogue } from "#renderer/texts/english.ts";

type StepName = keyof Catalogue["walkthrough"]["steps"];
export type StepAction = keyof Catalogue["walkthrough"]["actions"];

/** A step of the walk through the paper. */
interface WalkthroughStep {
  readonly name: StepName;
  /** The first one is what the step is for. */
  readonly actions: readonly StepAction[];
  /** Addresses of its picture in each colour of the window; null where there is none. */
  readonly picture: Readonly<Record<ThemeName, string>> | null;
}

/** The steps in their order, with pictures that the guide has too. Each address stands by itself, so that a build takes these files alone. */
export const WALKTHROUGH_STEPS: readonly WalkthroughStep[] = [
  {
    name: "data",
    actions: ["datasets"],
    picture: {
      light: new URL("../../../../docs/screenshots/datasets-light.png", import.meta.url).href,
      dark: new URL("../../../../docs/screenshots/datasets-dark.png", import.meta.url).href,
    },
  },
  { name: "noise", actions: ["noise"], picture: null },
  {
    name: "search",
    actions: ["quickSearch", "cockpit"],
    picture: {
      light: new URL("../../../../docs/screenshots/cockpit-light.png", import.meta.url).href,
      dark: new URL("../../../../docs/screenshots/cockpit-dark.png", import.meta.url).href,
    },
  },
  {
    name: "derive",
    actions: ["derive"],
    picture: {
      light: new URL("../../../../docs/screenshots/derivation-light.png", import.meta.url).href,
      dark: new URL("../../../../docs/screenshots/derivation-dark.png", import.meta.url).href,
    },
  },
  {
    name: "train",
    actions: ["train"],
    picture: {
      light: new URL("../../../../docs/screenshots/training-light.png", import.meta.url).href,
      dark: new URL("../../../../docs/screenshots/training-dark.png", import.meta.url).href,
    },
  },
  { name: "measure", actions: ["measure"], picture: null },
  {
    name: "compare",
    actions: ["compare"],
    picture: {
      light: new URL("../../../../docs/screenshots/compare-light.png", import.meta.url).href,
      dark: new URL("../../../../docs/screenshots/compare-dark.png", import.meta.url).href,
    },
  },
  { name: "denoise", actions: ["denoise"], picture: null },
];

/** What there is to walk to: the newest run of each kind, by its page's address. */
export interface Newest {
  readonly search: string | null;
  readonly training: string | null;
}

/** Returns where a button leads; null while there is nothing of the kind. */
export function toActionPath(action: StepAction, newest: Newest): string | null {
  const paths: Readonly<Record<StepAction, string | null>> = {
    datasets: "/datasets",
    noise: "/noise",
    quickSearch: "/search/new?preset=quick",
    cockpit: newest.search,
    derive: newest.search,
    train: "/train/new",
    measure: newest.training,
    compare: "/compare",
    denoise: "/denoise",
  };
  return paths[action];
}
