import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname } from "node:path";

import type { ComputeListener } from "#main/compute/protocol.ts";
import { countBytes } from "#main/files/pixelFile.ts";
import { toDiskError } from "#main/files/diskError.ts";
import { sweepOnce } from "#main/files/temporaryFiles.ts";
import { readMarks, warnOfMarks } from "#main/photos/denoiseMark.ts";
import { openPhoto } from "#main/photos/decodePhoto.ts";
import { checkFree } from "#main/photos/encodePhoto.ts";
import type { PhotoReader } from "#main/photos/loadPhotos.ts";
import { keepRoom, takeRoom } from "#main/photos/photoRoom.ts";
import { inThread, makeTogether } from "#main/photos/threads/inThread.ts";
import { later, partOf } from "#main/photos/threads/later.ts";
import type { Store } from "#main/store/openStore.ts";
import type { DenoisedFile, DenoiseInput, DenoiseProgress } from "#shared/api/denoising.ts";
import { LabError } from "#shared/labError.ts";

import { findModel, type FoundModel, hashModel, listKept, type ModelContext } from "#main/lab/models/models.ts";
import { chooseKept, describePhoto } from "#main/lab/models/suggestModel.ts";
import { type TaskComputeContext, useTaskCompute } from "#main/lab/tasks/taskCompute.ts";
import { withWorkFiles } from "#main/lab/tasks/workFolder.ts";

import { type DenoiseEngineContext, openNetwork, type OpenNetwork } from "./denoiseEngine.ts";
import { countPasses, denoisePhoto, markOf, noiseToTell, prepareInput } from "./denoisePhoto.ts";
import { expandInput, type InputFile, type PlannedFile, planDenoise, type Saving } from "./denoisePlan.ts";
import { type ResultFileContext, withResultFile } from "./resultFile.ts";
import { NO_MODEL, remarksOn } from "./taskModels.ts";
import { readTaskNotes } from "./taskPhotos.ts";

/** What photos are denoised into files with. */
export interface DenoiseFilesContext extends ResultFileContext {
  readonly photos: PhotoReader;
}

/** Troubles that every further file would meet too. */
const ENDS_ALL: ReadonlySet<LabError["kind"]> = new Set(["engine", "interrupted", "disk"]);

/**
 * Denoises photos and folders of photos by one model, or each by the one that fits it best. Sources are never overwritten,
 * results that exist already are passed over, and a photo that cannot be done is told and does not stop the others. Throws
 * LabError where nothing can be done at all.
 */
export async function denoise(
  context: DenoiseFilesContext &
    Omit<ModelContext, "getStore"> &
    TaskComputeContext &
    Omit<DenoiseEngineContext, "getStore"> & { getStore(): Pick<Store, "runs" | "preferences"> },
  input: DenoiseInput,
  onProgress: (progress: DenoiseProgress) => void,
): Promise<readonly DenoisedFile[]> {
  const files: InputFile[] = [];
  const model = input.model === null ? null : await findModel(context, input.model);
  for (const each of input.inputs) files.push(...(await expandInput(each)));
  const { unread, groups } = await groupByModel(context, files, model, input.sigma255);
  const total = files.length;
  const done = [...unread];
  let tell: ComputeListener["onTile"] = () => undefined;
  await useTaskCompute(context, null, { onTile: (tiles, of) => tell(tiles, of) }, async (lease) => {
    for (const { model: found, files: ours } of groups) {
      const planned = planDenoise(
        ours.map(({ file }) => file),
        input.outputFolder,
        input,
        markOf(await hashModel(found), input),
      );
      const open = await openNetwork(context, lease, found, input.device);
      for (const file of planned) {
        tell = countPasses(input, (tilesDone, tilesTotal) =>
          onProgress({ file: file.source, filesDone: done.length, filesTotal: total, tilesDone, tilesTotal }),
        );
        tell(0, 1);
        const why = ours.flatMap((each) => (each.file.file === file.source ? each.remarks : []));
        const result = await denoiseOrTell(context, open, file, { ...input, model: found });
        done.push({ ...result, remarks: [...why, ...result.remarks] });
      }
    }
  });
  return done;
}

/** Photos by the model that denoises them. */
interface ModelGroup {
  readonly model: FoundModel;
  readonly files: { readonly file: InputFile; readonly remarks: readonly string[] }[];
}

/** Finds a model for each photo where none is given. Photos that cannot be read are told. Throws LabError where there is none. */
async function groupByModel(
  context: DenoiseFilesContext & ModelContext,
  files: readonly InputFile[],
  model: FoundModel | null,
  sigma255: number | null,
): Promise<{ readonly unread: readonly DenoisedFile[]; readonly groups: readonly ModelGroup[] }> {
  if (model !== null) {
    return { unread: [], groups: [{ model, files: files.map((file) => ({ file, remarks: [] })) }] };
  }
  const known = await listKept(context);
  if (known.length === 0) {
    throw new LabError("not_found", NO_MODEL);
  }
  const unread: DenoisedFile[] = [];
  const groups = new Map<string, ModelGroup>();
  for (const file of files) {
    try {
      const facts = await keepRoom(async () => describePhoto((await openPhoto(file.file)).decoded, sigma255));
      const choice = chooseKept(known, facts);
      if (choice === null) throw new Error("denoise: of the known models one must be chosen");
      const { kept } = choice;
      const group = groups.get(kept.file) ?? { model: { checkpointFile: kept.file, run: null, kept }, files: [] };
      group.files.push({ file, remarks: [choice.why] });
      groups.set(kept.file, group);
    } catch (error) {
      if (!isOfOnePhoto(error)) throw error;
      unread.push({ ...nothingOf(file.file), error: error.message, errorKind: error.kind });
    }
  }
  return { unread, groups: [...groups.values()] };
}

/** How a file is denoised by the network that is loaded. */
export interface FileSaving extends Saving, Pick<DenoiseInput, "memoryBudgetMb" | "selfEnsemble"> {
  readonly model: FoundModel;
}

/** What is told of a file by which nothing was done. */
function nothingOf(source: string): DenoisedFile {
  return {
    source,
    model: null,
    engine: null,
    device: null,
    remarks: [],
    output: null,
    error: null,
    errorKind: null,
    skipped: false,
    seconds: 0,
    megapixels: 0,
  };
}

/** Denoises one file into another. What is wrong with this file alone is told in the result; throws what ends all. */
export async function denoiseOrTell(
  context: DenoiseFilesContext,
  open: OpenNetwork,
  file: PlannedFile,
  saving: FileSaving,
): Promise<DenoisedFile> {
  const { source, output, problem } = file;
  const nothing = { ...nothingOf(source), model: nameModel(saving.model) };
  if (problem !== null) return { ...nothing, error: problem, errorKind: "bad_config" };
  try {
    await sweepOnce(dirname(output));
    if (existsSync(output)) {
      context.log(`${source}: ${basename(output)} is there already`);
      return { ...nothing, output, skipped: true };
    }
    return {
      ...nothing,
      output,
      engine: open.engine,
      device: open.loaded.device,
      ...(await denoiseFile(context, open, file, saving)),
    };
  } catch (error) {
    if (!isOfOnePhoto(error)) throw error;
    return { ...nothing, error: error.message, errorKind: error.kind };
  }
}

/** Names a model for people: by its card, its run or its file. */
export function nameModel({ kept, run, checkpointFile }: FoundModel): string {
  return kept?.card.name ?? run?.id ?? checkpointFile;
}

/** Tells whether trouble with one photo leaves hope for the next. */
export function isOfOnePhoto(error: unknown): error is LabError {
  return error instanceof LabError && !ENDS_ALL.has(error.kind);
}

async function denoiseFile(
  context: DenoiseFilesContext,
  { compute, loaded }: OpenNetwork,
  { name, source: file, output }: PlannedFile,
  saving: FileSaving,
): Promise<Pick<DenoisedFile, "seconds" | "megapixels" | "remarks">> {
  const { work, log } = context;
  return withWorkFiles(work, [".f32", ".f32"], async ([inputFile, outputFile]) => {
    const { channels, xmp, input, noise, sigma255 } = await keepRoom(async () => {
      // A photo in memory beside the network at work would take as much as the network.
      const { channels, decoded } = await openPhoto(file);
      const prepared = prepareInput(name, partOf(decoded, "photo"), saving, loaded.network.imageChannels);
      return makeTogether({
        channels,
        xmp: partOf(decoded, "xmp"),
        input: later("writePixels", inputFile, prepared.input),
        noise: prepared.noise,
        sigma255: saving.sigma255 ?? later("estimateSigma255", prepared.input),
      });
    });
    const before = warnOfMarks(readMarks(xmp));
    if (before !== null) log(`${file}: ${before}`);
    const facts = { channels, sigma255: saving.sigma255, estimate: () => sigma255, before };
    const remarks = await remarksOn(saving.model, loaded, facts);
    const told = saving.sigma255 === null ? noiseToTell(noise, sigma255, saving) : noise;
    const result = await denoisePhoto(compute, input, outputFile, { ...saving, noise: told });
    await mkdir(dirname(output), { recursive: true }).catch((cause: unknown) => {
      throw toDiskError(`create ${dirname(output)}`, cause);
    });
    await checkFree(output);
    const pixels = { input, output: result.output };
    const { strength, model } = saving;
    const mark = { model: nameModel(model), hash: await hashModel(model), strength, sigma255 };
    const note = await keepRoom(async () => {
      const photo = { name, source: { kind: "file", cleanFile: file, noisyFile: null } } as const;
      const notes = await readTaskNotes(context, photo);
      await takeRoom(countBytes(input));
      return withResultFile(context, { source: { file, notes }, pixels, wish: saving, mark }, async (made, note) => {
        await inThread("copyWhole", made, output, false);
        return note;
      });
    });
    const megapixels = (input.width * input.height) / 1e6;
    return { seconds: result.seconds, megapixels, remarks: note === null ? remarks : [...remarks, note] };
  });
}
