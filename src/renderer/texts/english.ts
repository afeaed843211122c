import { architectureTexts } from "./english/architectures.ts";
import { boardTexts } from "./english/board.ts";
import { cameraFitTexts } from "./english/cameraFit.ts";
import { chartTexts } from "./english/charts.ts";
import { cockpitTexts } from "./english/cockpit.ts";
import { compareTexts } from "./english/compare.ts";
import { datasetTexts } from "./english/datasets.ts";
import { denoiseTexts } from "./english/denoise.ts";
import {
  actionTexts,
  frameTexts,
  listTexts,
  momentTexts,
  roomTexts,
  runKindTexts,
  runStateTexts,
  statusTexts,
  taskKindTexts,
  taskStateTexts,
} from "./english/frame.ts";
import { glossaryTexts, noticeTexts, tourTexts } from "./english/help.ts";
import { homeTexts } from "./english/home.ts";
import { noiseTexts } from "./english/noise.ts";
import { photoChooserTexts } from "./english/photoChooser.ts";
import { searchTexts } from "./english/search.ts";
import { settingsTexts } from "./english/settings.ts";
import { siteTexts } from "./english/sites.ts";
import { studyTexts } from "./english/studies.ts";
import { trainTexts } from "./english/train.ts";
import { viewerTexts } from "./english/viewer.ts";
import { walkthroughTexts } from "./english/walkthrough.ts";

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
  moments: momentTexts,
  charts: chartTexts,
  board: boardTexts,
  viewer: viewerTexts,
  photoChooser: photoChooserTexts,
  home: homeTexts,
  datasets: datasetTexts,
  noise: noiseTexts,
  cameraFit: cameraFitTexts,
  search: searchTexts,
  cockpit: cockpitTexts,
  architectures: architectureTexts,
  train: trainTexts,
  studies: studyTexts,
  compare: compareTexts,
  denoise: denoiseTexts,
  settings: settingsTexts,
  sites: siteTexts,
  tour: tourTexts,
  notices: noticeTexts,
  glossary: glossaryTexts,
  walkthrough: walkthroughTexts,
};

/** Every text of the window; each language is an object of this shape. */
export type Catalogue = typeof english;
