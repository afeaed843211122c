import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { getShippedModelsFolder } from "#main/store/labHome.ts";
import { rebuildStore } from "#main/store/rebuildStore.ts";
import type { EngineDevice } from "#shared/api/engineDevice.ts";
import type { Lab } from "#shared/api/lab.ts";
import { TOPICS } from "#shared/api/updates.ts";

import * as architectures from "#main/lab/architectures/architectures.ts";
import { answerArchitectures } from "#main/lab/architectures/answerArchitectures.ts";
import { importBundle } from "#main/lab/bundles/openBundle.ts";
import { packBundle, writeBundle } from "#main/lab/bundles/packBundle.ts";
import { createComputeQueue } from "#main/lab/tasks/computeQueue.ts";
import { estimateCost, timeJob } from "#main/lab/runs/costEstimate.ts";
import { answerPublicSets } from "#main/lab/datasets/answerPublicSets.ts";
import { type KnownSet, PUBLIC_SETS } from "#main/lab/datasets/publicSets.ts";
import { answerDatasets } from "#main/lab/datasets/answerDatasets.ts";
import * as datasets from "#main/lab/datasets/datasets.ts";
import { denoise } from "#main/lab/denoising/denoising.ts";
import {
  listDenoiseItems,
  measureDenoiseItem,
  renderDenoised,
  saveDenoised,
} from "#main/lab/denoising/denoiseResults.ts";
import { makeContactSheet } from "#main/lab/denoising/contactSheet.ts";
import { restoreSessions } from "#main/lab/denoising/restoreSessions.ts";
import { prepareDenoising } from "#main/lab/denoising/denoiseEngine.ts";
import { previewDenoised, redenoise } from "#main/lab/denoising/redenoise.ts";
import { startDenoise } from "#main/lab/denoising/denoiseTasks.ts";
import { copyHome } from "#main/lab/home/copyHome.ts";
import { examineEngine } from "#main/lab/home/doctor.ts";
import { exportEvaluation, showEvaluation } from "#main/lab/evaluation/evaluationList.ts";
import { evaluate, evaluateAll, startEvaluation } from "#main/lab/evaluation/evaluations.ts";
import { keepProofSheet, listProofSheets, removeProofSheet } from "#main/lab/evaluation/proofSheets.ts";
import { chooseDemoPreset, getOverview } from "#main/lab/home/home.ts";
import { createLabContext, type LabContext } from "./labContext.ts";
import { exportModel, importModel, removeModel, showModel } from "#main/lab/models/modelExchange.ts";
import { listModels } from "#main/lab/models/modelList.ts";
import { suggestModel } from "#main/lab/models/suggestModel.ts";
import { readPicture } from "./pictures.ts";
import { emptyTrash, measureStorage, setPreferences } from "#main/lab/home/preferences.ts";
import { startSearch, startTraining } from "#main/lab/runs/newRun.ts";
import { queueAgain } from "#main/lab/runs/queueAgain.ts";
import { resumeRun } from "#main/lab/runs/resumeRun.ts";
import { packEventFile } from "#main/lab/runs/packEventFile.ts";
import { readRunSplit } from "#main/lab/runs/runParts.ts";
import { followRun, readRunSteps, showRunSetup } from "#main/lab/runs/runFeeds.ts";
import * as runs from "#main/lab/runs/runs.ts";
import { answerSites } from "#main/lab/sites/answerSites.ts";
import { answerStudies } from "#main/lab/studies/answerStudies.ts";
import { subscribe } from "#main/lab/runs/jobContext.ts";
import { createRunWatch, type RunWatch } from "#main/lab/runs/runWatch.ts";
import { goOnWithStudies } from "#main/lab/studies/goOn.ts";
import { LAB_CLOSED } from "#main/lab/studies/studyJobs.ts";
import { listPresets, resolveSettings } from "#main/lab/home/settings.ts";

/** Beside the sources. */
const RESOURCES_FOLDER = fileURLToPath(new URL("../../../resources", import.meta.url));

export interface LabOptions {
  /** The folder in which the lab keeps everything. */
  readonly home: string;
  /** Gets lines for people: what the engine says, and warnings. */
  readonly log: (line: string) => void;
  /** What to compute on; by default what the preferences say. */
  readonly device?: EngineDevice;
  /** How many runs are done at once; by default what the preferences say. */
  readonly runsAtOnce?: number;
  /** Another compute process than the lab's own, given by its script. */
  readonly computeEntry?: string;
  /** Other public sets than the lab's own table. */
  readonly publicSets?: readonly KnownSet[];
  /** Where the presets lie; by default beside the sources. */
  readonly presetsFolder?: string;
  /** Where the models lie that come with the program; by default `$HINAS_MODELS`, or beside the sources. */
  readonly shippedModelsFolder?: string;
}

/** What the lab's parts need beside the options. */
interface Parts {
  readonly context: LabContext;
  readonly runWatch: RunWatch;
  readonly computeEntry: string | null;
  /** Finds once what was denoised to look at before this process began. */
  restored(): Promise<void>;
}

/** Opens the lab; the caller closes it. Neither the database nor the compute process is touched before it is needed. */
export function createLab(options: LabOptions): Lab {
  const { home, log, computeEntry } = options;
  const { presetsFolder = join(RESOURCES_FOLDER, "presets") } = options;
  const { shippedModelsFolder = getShippedModelsFolder(RESOURCES_FOLDER) } = options;
  const entry = computeEntry === undefined ? {} : { entry: computeEntry };
  const getDevice = (): EngineDevice => context.getDevice();
  const context: LabContext = createLabContext({
    home,
    presetsFolder,
    shippedModelsFolder,
    log,
    runCompute: createComputeQueue({ log, getDevice, getProcesses: () => context.getRunsAtOnce(), ...entry }),
    taskCompute: createComputeQueue({ log, getDevice, ...entry }),
    device: options.device ?? null,
    runsAtOnce: options.runsAtOnce ?? null,
    computeEntry: computeEntry ?? null,
    publicSets: options.publicSets ?? PUBLIC_SETS,
  });
  let restoring: Promise<void> | null = null;
  const restored = (): Promise<void> => (restoring ??= restoreSessions(context));
  const parts = { restored, context, runWatch: createRunWatch(context), computeEntry: computeEntry ?? null };
  return {
    ...answerHome(parts),
    ...answerDatasets(context),
    ...answerPublicSets(context),
    ...answerRuns(parts),
    ...answerSites(context),
    ...answerArchitectures(context),
    ...answerResults(parts),
    ...answerStudies(context),
    ...answerTasks(parts),
    close: () => close(parts),
  };
}

function answerHome({ context, computeEntry }: Parts) {
  return {
    getOverview: () => getOverview(context),
    chooseDemoPreset: () => chooseDemoPreset(context),
    getPreferences: context.getPreferences,
    setPreferences: async (changes) => {
      const now = setPreferences(context, changes);
      context.here.adjust();
      return now;
    },
    measureStorage: () => measureStorage(context),
    emptyTrash: () => emptyTrash(context),
    examineEngine: ({ retry }) => {
      const { home, log } = context;
      return examineEngine({
        home,
        device: context.getDevice(),
        retry,
        mayUseUnverified: false,
        log,
        logEngine: log,
        computeEntry,
      });
    },
    copyHome: (target) => copyHome(context, target),
    rebuildStore: async () => {
      context.closeStore();
      const rebuilt = await rebuildStore(context.home);
      for (const topic of TOPICS) context.changes.tell({ kind: "stale", topic });
      return rebuilt;
    },
    listPresets: (kind) => listPresets(context, kind),
    resolveSettings: (wish) =>
      resolveSettings(
        {
          ...context,
          findSearch: (hash) => architectures.findSearch(context, hash),
          describeUnknownDataset: (name) => datasets.describeUnknownDataset(context, name),
        },
        wish,
      ),
    estimateCost: (wish) => estimateCost(context, wish),
    timeJob: (wish) => timeJob(context, wish),
  } satisfies Partial<Lab>;
}

function answerRuns({ context, runWatch }: Parts) {
  return {
    startSearch: (config) => startSearch(context, config),
    startTraining: (config, genotype) => startTraining(context, config, genotype),
    resumeRun: (id) => resumeRun(context, id, { site: null, mayChangeEngine: false }),
    resumeRunByAnyEngine: (id) => resumeRun(context, id, { site: null, mayChangeEngine: true }),
    controlRun: (id, want) => runs.controlRun(context, id, want),
    queueAgain: async () => {
      await queueAgain(context);
      await goOnWithStudies(context);
    },
    waitForRun: (id) => runs.waitForRun(context, id),
    subscribe: (id, listener) => subscribe(context, id, listener),
    listRuns: context.listRuns,
    showRun: context.showRun,
    showRunSetup: (id) => showRunSetup(context, id),
    readRunEvents: (id) => runs.readRunEvents(context, id),
    readRunSplit: async (id) => readRunSplit(await context.showRun(id)),
    packEventFile: (id) => packEventFile(context, id),
    readRunEnvironment: (id) => runs.readRunEnvironment(context, id),
    labelRun: ({ id, label }) => runs.labelRun(context, id, label),
    listCandidates: (id) => runs.listCandidates(context, id),
    readRunSteps: (query) => readRunSteps(context, query),
    followRun: (id, points, listener) => followRun(context, id, points, listener),
    removeRun: (id) => runs.removeRun(context, id),
    packBundle: async (id) => (await packBundle(context, id)).toString("base64"),
    writeBundle: (id, file) => writeBundle(context, id, file),
    importBundle: ({ file }) => importBundle(context, file),
    watch: runWatch.watch,
  } satisfies Partial<Lab>;
}

function answerResults({ context, restored }: Parts) {
  return {
    listModels: () => listModels(context),
    evaluateAll: (model, configs, outputFolder, onPhoto) => evaluateAll(context, model, configs, outputFolder, onPhoto),
    showModel: (model) => showModel(context, model),
    importModel: ({ file }) => importModel(context, file),
    exportModel: (wish) => exportModel(context, wish),
    removeModel: (model) => removeModel(context, model),
    suggestModel: ({ photo, sigma255 }) => suggestModel(context, photo, sigma255),
    evaluate: (model, config, outputFolder, onPhoto) => evaluate(context, model, config, outputFolder, onPhoto),
    startEvaluation: (wish) => startEvaluation(context, wish),
    listEvaluations: context.listEvaluations,
    showEvaluation: (id) => showEvaluation(context, id),
    exportEvaluation: (id) => exportEvaluation(context, id),
    keepProofSheet: (wish) => keepProofSheet(context, wish),
    listProofSheets: () => listProofSheets(context),
    removeProofSheet: (id) => removeProofSheet(context, id),
    denoise: (input, onProgress) => denoise(context, input, onProgress),
    startDenoise: async (request) => {
      await restored();
      return startDenoise(context, request);
    },
    prepareDenoising: () => prepareDenoising(context),
    measureDenoiseItem: (wish) => measureDenoiseItem(context, wish),
    previewDenoised: (wish) => previewDenoised(context, wish),
    redenoise: (wish) => redenoise(context, wish),
    listDenoiseItems: async (query) => listDenoiseItems(context, query),
    renderDenoised: async (wish) => {
      await restored();
      return renderDenoised(context, wish);
    },
    makeContactSheet: (wish) => makeContactSheet(context, wish),
    saveDenoised: (wish) => saveDenoised(context, wish),
    readPicture: async (ref) => {
      // A window that is loaded again asks for pictures before anything else.
      if (ref.kind === "denoise") await restored();
      return readPicture(context, ref);
    },
  } satisfies Partial<Lab>;
}

function answerTasks({ context: { tasks }, restored }: Parts) {
  return {
    listTasks: async () => {
      await restored();
      return tasks.list();
    },
    pauseTask: async (id) => tasks.pause(id),
    resumeTask: async (id) => tasks.resume(id),
    cancelTask: async (id) => tasks.cancel(id),
    dismissTask: (id) => tasks.dismiss(id),
  } satisfies Partial<Lab>;
}

async function close({ context, runWatch }: Parts): Promise<void> {
  runWatch.close();
  context.feeds.close();
  const studyJobs = [...context.studyJobs.values()];
  for (const study of studyJobs) study.pause(LAB_CLOSED);
  await context.siteWatch.close();
  await Promise.all([context.tasks.close(), context.here.stopAll(LAB_CLOSED)]);
  await Promise.all(studyJobs.map((study) => study.done));
  const sessions = new Set([...context.denoised.values()].flatMap(([item]) => item?.session ?? []));
  await Promise.all([...sessions].map((session) => session.release()));
  const { here, taskCompute, stepTimer, work, exiftool } = context;
  await Promise.all([here, taskCompute, stepTimer, work, exiftool].map((part) => part.close()));
  context.closeStore();
}
