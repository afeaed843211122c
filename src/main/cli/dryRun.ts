import type { ResolvedConfig } from "#main/config/resolveConfig.ts";
import { renderConfig } from "#main/config/renderConfig.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { Cost } from "#shared/space/graph/costModel.ts";

import { EXIT_CODES, type ExitCode } from "./exitCodes.ts";
import { formatCount } from "./formats.ts";
import { scanDataset } from "./scanDataset.ts";
import type { Session } from "./session.ts";

/** Prints what a job would do, without doing it: its settings, its network's cost and its photos. */
export async function printDryRun(
  resolved: ResolvedConfig<"search" | "train">,
  { parameters, multiplyAddsPerPixel }: Cost,
  session: Session,
): Promise<ExitCode> {
  const { terminal } = session;
  const photos = await countPhotos(resolved.settings.data, session);
  if (session.json) {
    terminal.printJson({ settings: resolved.settings, parameters, multiplyAddsPerPixel, photos });
    return EXIT_CODES.good;
  }
  terminal.print(renderConfig(resolved).trimEnd());
  terminal.print(`# parameters: ${parameters} (${formatCount(parameters)})`);
  terminal.print(`# multiply-adds per pixel: ${multiplyAddsPerPixel} (${formatCount(multiplyAddsPerPixel)})`);
  terminal.print(`# photos: ${photos}`);
  return EXIT_CODES.good;
}

async function countPhotos(
  { dataset, maxPhotos = Infinity }: SearchConfig["data"],
  { openLab, surroundings }: Session,
): Promise<number> {
  const { photos } = await scanDataset(await openLab(), dataset, surroundings.workingFolder);
  return Math.min(photos.length, maxPhotos);
}
