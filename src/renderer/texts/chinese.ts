import type { Catalogue } from "./english.ts";
import { architectureTexts } from "./chinese/architectures.ts";
import { boardTexts } from "./chinese/board.ts";
import { cameraFitTexts } from "./chinese/cameraFit.ts";
import { chartTexts } from "./chinese/charts.ts";
import { cockpitTexts } from "./chinese/cockpit.ts";
import { compareTexts } from "./chinese/compare.ts";
import { datasetTexts } from "./chinese/datasets.ts";
import { denoiseTexts } from "./chinese/denoise.ts";
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
} from "./chinese/frame.ts";
import { glossaryTexts, noticeTexts, tourTexts } from "./chinese/help.ts";
import { homeTexts } from "./chinese/home.ts";
import { noiseTexts } from "./chinese/noise.ts";
import { photoChooserTexts } from "./chinese/photoChooser.ts";
import { searchTexts } from "./chinese/search.ts";
import { settingsTexts } from "./chinese/settings.ts";
import { siteTexts } from "./chinese/sites.ts";
import { studyTexts } from "./chinese/studies.ts";
import { trainTexts } from "./chinese/train.ts";
import { viewerTexts } from "./chinese/viewer.ts";
import { walkthroughTexts } from "./chinese/walkthrough.ts";

export const chinese: Catalogue = {
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
