import { dirname } from "node:path";

import { z } from "zod";

import { runTool } from "#main/engine/install/runTool.ts";
import { inThread } from "#main/photos/threads/inThread.ts";
import { type Later, later, type OrLater } from "#main/photos/threads/later.ts";
import { LabError } from "#shared/labError.ts";
import type { Photo } from "#shared/image/photo.ts";
import { BASELINE_METHODS, type BaselineMethod } from "#shared/runs/evaluation.ts";

import { withWorkFiles, type WorkFolder } from "#main/lab/tasks/workFolder.ts";

/** A classical method in a Python that has it. */
export interface BaselineTool {
  readonly python: string;
  /** The package that brings the method, with its version. */
  readonly version: string;
}

/** The package that brings each method. */
const PACKAGES = { bm3d: "bm3d", non_local_means: "scikit-image" } as const satisfies Record<BaselineMethod, string>;

/** By the names under which a Python that is active (a virtual environment, too) is found. */
const PYTHONS = ["python3", "python"];

/** Without a method, the program tells its packages' versions; with one, it denoises an array file. Sigma is on the 0..1 scale. */
const PROGRAM = `
import json, sys
from importlib import metadata

def version(name):
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None

if len(sys.argv) == 1:
    print(json.dumps({name: version(name) for name in ("bm3d", "scikit-image")}))
    sys.exit(0)

import numpy
method, source, target, sigma = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
noisy = numpy.load(source).astype(numpy.float64)
if sigma == 0:
    output = noisy
elif method == "bm3d":
    import bm3d
    output = bm3d.bm3d(noisy, sigma_psd=sigma) if noisy.ndim == 2 else bm3d.bm3d_rgb(noisy, sigma_psd=sigma)
else:
    from skimage.restoration import denoise_nl_means
    output = denoise_nl_means(
        noisy, patch_size=5, patch_distance=6, h=0.6 * sigma, sigma=sigma, fast_mode=True,
        channel_axis=None if noisy.ndim == 2 else -1,
    )
numpy.save(target, numpy.ascontiguousarray(numpy.reshape(output, noisy.shape), dtype="<f4"))
`;

const versionsSchema = z.record(z.string(), z.string().nullable());
const PROBE_MS = 20_000;
/** Start of Python and of its packages on a busy machine. */
const BASE_MS = 120_000;
/** Generous, not measured: only a program that hangs is to be ended. */
const MS_PER_MEGAPIXEL = 300_000;

/** Finds a Python for each method, the first that has it; what is missing is said in a line. Nothing is installed. */
export async function findBaselineTools(
  env: NodeJS.ProcessEnv,
  signal: AbortSignal | null,
): Promise<Readonly<Record<BaselineMethod, BaselineTool | string>>> {
  const found = new Map<BaselineMethod, BaselineTool>();
  let hasPython = false;
  for (const python of PYTHONS) {
    const { ok, stdout } = await runTool(python, ["-c", PROGRAM], { env, timeoutMs: PROBE_MS, signal });
    const versions = ok ? readVersions(stdout) : null;
    hasPython ||= versions !== null;
    for (const method of BASELINE_METHODS) {
      const version = versions?.[PACKAGES[method]];
      if (version != null && !found.has(method))
        found.set(method, { python, version: `${PACKAGES[method]} ${version}` });
    }
  }
  const missing = (method: BaselineMethod): string =>
    hasPython ? `no ${PACKAGES[method]} in ${PYTHONS.join(" or ")}` : `no Python found as ${PYTHONS.join(" or ")}`;
  return {
    bm3d: found.get("bm3d") ?? missing("bm3d"),
    non_local_means: found.get("non_local_means") ?? missing("non_local_means"),
  };
}

/** A noisy photo for a classical method, and what the method is told of its noise. */
interface NoisyPhoto {
  readonly noisy: OrLater<Photo>;
  readonly shape: Omit<Photo, "data">;
  readonly sigma255: number;
}

/**
 * Denoises a photo by a classical method and gives what came out, not clipped, to `take`. Throws LabError `engine` or `bad_data`
 * with a line that says why it could not.
 */
export async function runBaseline<T>(
  method: BaselineMethod,
  { python }: BaselineTool,
  { noisy, shape, sigma255 }: NoisyPhoto,
  { work, env, signal }: { work: Pick<WorkFolder, "newFile">; env: NodeJS.ProcessEnv; signal: AbortSignal | null },
  take: (output: Later<Photo>) => Promise<T>,
): Promise<T> {
  return withWorkFiles(work, [".npy", ".npy"], async ([source, target]) => {
    await inThread("writeNpy", source, noisy);
    const args = ["-c", PROGRAM, method, source, target, String(sigma255 / 255)];
    const timeoutMs = BASE_MS + (MS_PER_MEGAPIXEL * shape.width * shape.height) / 1e6;
    // Python looks for packages in the folder that it is started in.
    const { failure } = await runTool(python, args, { env, timeoutMs, signal, cwd: dirname(source) });
    if (failure !== null) throw new LabError("engine", failure);
    return take(later("readNpy", target, shape, PACKAGES[method]));
  });
}

function readVersions(text: string): Readonly<Record<string, string | null>> | null {
  try {
    return versionsSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
