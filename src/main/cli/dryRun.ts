import type { ResolvedConfig } from "#main/config/resolveConfig.ts";
import { renderConfig } from "#main/config/renderConfig.ts";
import type { Lab } from "#shared/api/lab.ts";
import type { SearchConfig } from "#shared/runs/config.ts";
import type { Cost } from "#shared/space/graph/costModel.ts";

import { describeTime, judgeTime } from "./agreeToLong.ts";
import { EXIT_CODES, type ExitCode } from "./exitCodes.ts";
import { formatCount } from "./formats.ts";
import { scanDataset } from "./scanDataset.ts";
import type { Session } from "./session.ts";

/** Prints what a job would do, without doing it: its settings, its network's cost and its photos, and for a site the script. */
export async function printDryRun(
  resolved: ResolvedConfig<"search" | "train">,
  { parameters, multiplyAddsPerPixel }: Cost,
  job: Parameters<Lab["timeJob"]>[0],
  session: Session,
  site: string | null = null,
): Promise<ExitCode> {
  const { terminal } = session;
  const script = site === null ? null : await (await session.openLab()).previewJob(site);
  const photos = await countPhotos(resolved.settings.data, session);
  const estimate = await judgeTime(await session.openLab(), job);
  if (session.json) {
    terminal.printJson({
      ...{ settings: resolved.settings, parameters, multiplyAddsPerPixel, photos, estimate },
      ...(script === null ? {} : { script }),
    });
    return EXIT_CODES.good;
  }
  terminal.print(renderConfig(resolved).trimEnd());
  terminal.print(`# parameters: ${parameters} (${formatCount(parameters)})`);
  terminal.print(`# multiply-adds per pixel: ${multiplyAddsPerPixel} (${formatCount(multiplyAddsPerPixel)})`);
  terminal.print(`# photos: ${photos}`);
  terminal.print(`# time: ${describeTime(estimate)}`);
  if (script !== null) terminal.print(`# script for ${site ?? "the site"}:\n${script.trimEnd()}`);
  return EXIT_CODES.good;
}

async function countPhotos(
  { dataset, maxPhotos = Infinity }: SearchConfig["data"],
  { openLab, surroundings }: Session,
): Promise<number> {
  const { photos } = await scanDataset(await openLab(), dataset, surroundings.workingFolder);
  return Math.min(photos.length, maxPhotos);
}
