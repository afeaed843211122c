import { architectureTexts } from "./english/architectures.ts";
import { chartTexts } from "./english/charts.ts";
import { cockpitTexts } from "./english/cockpit.ts";
import { compareTexts } from "./english/compare.ts";
import { datasetTexts } from "./english/datasets.ts";
import { denoiseTexts } from "./english/denoise.ts";
import {
  actionTexts,
  frameTexts,
  listTexts,
  roomTexts,
  runKindTexts,
  runStateTexts,
  statusTexts,
  taskKindTexts,
  taskStateTexts,
} from "./english/frame.ts";
import { homeTexts } from "./english/home.ts";
import { noiseTexts } from "./english/noise.ts";
import { photoChooserTexts } from "./english/photoChooser.ts";
import { searchTexts } from "./english/search.ts";
import { settingsTexts } from "./english/settings.ts";
import { trainTexts } from "./english/train.ts";
import { viewerTexts } from "./english/viewer.ts";

export const english = {
  frame: frameTexts,
  rooms: roomTexts,
  actions: actionTexts,
  status: statusTexts,
  runStates: runStateTexts,
  runKinds: runKindTexts,
  taskKinds: taskKindTexts,
  taskStates: taskStateTexts,
  lists: listTexts,
  charts: chartTexts,
  viewer: viewerTexts,
  photoChooser: photoChooserTexts,
  home: homeTexts,
  datasets: datasetTexts,
  noise: noiseTexts,
  search: searchTexts,
  cockpit: cockpitTexts,
  architectures: architectureTexts,
  train: trainTexts,
  compare: compareTexts,
  denoise: denoiseTexts,
  settings: settingsTexts,
};
