import type { Catalogue } from "./english.ts";
import { architectureTexts } from "./german/architectures.ts";
import { boardTexts } from "./german/board.ts";
import { cameraFitTexts } from "./german/cameraFit.ts";
import { chartTexts } from "./german/charts.ts";
import { cockpitTexts } from "./german/cockpit.ts";
import { compareTexts } from "./german/compare.ts";
import { datasetTexts } from "./german/datasets.ts";
import { denoiseTexts } from "./german/denoise.ts";
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
} from "./german/frame.ts";
import { glossaryTexts, noticeTexts, tourTexts } from "./german/help.ts";
import { homeTexts } from "./german/home.ts";
import { noiseTexts } from "./german/noise.ts";
import { photoChooserTexts } from "./german/photoChooser.ts";
import { searchTexts } from "./german/search.ts";
import { settingsTexts } from "./german/settings.ts";
import { siteTexts } from "./german/sites.ts";
import { studyTexts } from "./german/studies.ts";
import { trainTexts } from "./german/train.ts";
import { viewerTexts } from "./german/viewer.ts";
import { walkthroughTexts } from "./german/walkthrough.ts";

export const german: Catalogue = {
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
  board: boardTexts,
  charts: chartTexts,
  viewer: viewerTexts,
  photoChooser: photoChooserTexts,
  home: homeTexts,
  datasets: datasetTexts,
  noise: noiseTexts,
  cameraFit: cameraFitTexts,
  studies: studyTexts,
  search: searchTexts,
  cockpit: cockpitTexts,
  architectures: architectureTexts,
  train: trainTexts,
  compare: compareTexts,
  denoise: denoiseTexts,
  settings: settingsTexts,
  sites: siteTexts,
  tour: tourTexts,
  notices: noticeTexts,
  glossary: glossaryTexts,
  walkthrough: walkthroughTexts,
};
