import {
  AudioWaveform,
  Dumbbell,
  FlaskConical,
  GitCompareArrows,
  House,
  Images,
  Settings,
  Sparkles,
  Telescope,
  Waypoints,
} from "@lucide/vue";
import type { Component } from "vue";
import type { RouteRecordRaw } from "vue-router";

import type { Catalogue } from "#renderer/texts/texts.ts";

export type RoomName = keyof Catalogue["rooms"];

/** One room of the window. A new room is one more row here, with its texts and its folder under `views`. */
export interface Room {
  readonly name: RoomName;
  readonly icon: Component;
  /** Pressed after `g`, it leads here. */
  readonly key: string;
  /** Rooms of a group stand together in the menu. */
  readonly group: "start" | "material" | "work" | "results" | "program";
  /** The first one is where the menu leads; all of them belong to the room. */
  readonly pages: readonly [RouteRecordRaw, ...RouteRecordRaw[]];
}

export const ROOMS: readonly Room[] = [
  {
    name: "home",
    icon: House,
    key: "h",
    group: "start",
    pages: [
      { path: "/", component: () => import("#renderer/views/home/HomeView.vue") },
      { path: "/walkthrough", component: () => import("#renderer/views/walkthrough/WalkthroughView.vue") },
    ],
  },
  {
    name: "datasets",
    icon: Images,
    key: "d",
    group: "material",
    pages: [
      { path: "/datasets", component: () => import("#renderer/views/datasets/DatasetsView.vue") },
      { path: "/datasets/:name", component: () => import("#renderer/views/datasets/DatasetView.vue"), props: true },
    ],
  },
  {
    name: "noise",
    icon: AudioWaveform,
    key: "n",
    group: "material",
    pages: [
      { path: "/noise", component: () => import("#renderer/views/noise/NoiseView.vue") },
      { path: "/noise/camera", component: () => import("#renderer/views/noise/fit/FitCameraView.vue") },
    ],
  },
  {
    name: "search",
    icon: Telescope,
    key: "s",
    group: "work",
    pages: [
      { path: "/search", component: () => import("#renderer/views/search/SearchesView.vue") },
      { path: "/search/new", component: () => import("#renderer/views/search/NewSearchView.vue") },
      { path: "/search/:id", component: () => import("#renderer/views/search/cockpit/CockpitView.vue"), props: true },
    ],
  },
  {
    name: "train",
    icon: Dumbbell,
    key: "t",
    group: "work",
    pages: [
      { path: "/train", component: () => import("#renderer/views/train/TrainView.vue") },
      { path: "/train/new", component: () => import("#renderer/views/train/NewTrainingView.vue") },
      {
        path: "/train/evaluations/:id",
        component: () => import("#renderer/views/train/evaluation/EvaluationView.vue"),
        props: true,
      },
      { path: "/train/:id", component: () => import("#renderer/views/train/TrainingView.vue"), props: true },
    ],
  },
  {
    name: "studies",
    icon: FlaskConical,
    key: "u",
    group: "work",
    pages: [
      { path: "/studies", component: () => import("#renderer/views/studies/StudiesView.vue") },
      { path: "/studies/:id", component: () => import("#renderer/views/studies/StudyView.vue"), props: true },
    ],
  },
  {
    name: "architectures",
    icon: Waypoints,
    key: "a",
    group: "results",
    pages: [
      { path: "/architectures", component: () => import("#renderer/views/architectures/ArchitecturesView.vue") },
      {
        path: "/architectures/:hash",
        component: () => import("#renderer/views/architectures/ArchitectureView.vue"),
        props: true,
      },
    ],
  },
  {
    name: "compare",
    icon: GitCompareArrows,
    key: "c",
    group: "results",
    pages: [
      { path: "/compare", component: () => import("#renderer/views/compare/CompareView.vue") },
      { path: "/compare/proof", component: () => import("#renderer/views/compare/proof/ProofView.vue") },
    ],
  },
  {
    name: "denoise",
    icon: Sparkles,
    key: "p",
    group: "results",
    pages: [{ path: "/denoise", component: () => import("#renderer/views/denoise/DenoiseView.vue") }],
  },
  {
    name: "settings",
    icon: Settings,
    key: "x",
    group: "program",
    pages: [{ path: "/settings", component: () => import("#renderer/views/settings/SettingsView.vue") }],
  },
];
