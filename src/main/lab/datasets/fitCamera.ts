import { basename, resolve } from "node:path";

import { readPhotoShape } from "#main/photos/decodePhoto.ts";
import { keepRoom } from "#main/photos/photoRoom.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { partOf } from "#main/photos/threads/later.ts";
import type { CameraFit, FitWay } from "#shared/image/cameraFit/fitCamera.ts";
import { checkSameShapes, type Shot } from "#shared/image/cameraFit/shot.ts";

import type { PhotosContext } from "./datasetPhotos.ts";

/**
 * Measures the noise of a camera in photo files; see `fitCamera` of the shared side. Photos are decoded one after the other,
 * and only blocks of them are kept. Throws LabError where a file cannot be read, and `bad_data` where there is nothing to fit.
 */
export async function fitCamera(
  { photos }: Pick<PhotosContext, "photos">,
  { files, way }: { readonly files: readonly string[]; readonly way: FitWay | null },
): Promise<CameraFit> {
  const paths = files.map((file) => resolve(file));
  // What is of another size is told before anything large is decoded.
  checkSameShapes(
    await Promise.all(paths.map(async (path) => ({ name: basename(path), ...(await readPhotoShape(path)) }))),
  );
  const shots: Shot[] = [];
  for (const path of paths) {
    const take = async (): Promise<Shot> =>
      inThread("takeShot", basename(path), partOf((await photos.open(path)).decoded, "photo"));
    shots.push(await keepRoom(take));
  }
  return inThread("fitCamera", shots, way);
}
