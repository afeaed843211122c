import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import sharp from "sharp";

import { createLab } from "#main/lab/lab.ts";
import { trainConfigSchema } from "#shared/runs/config.ts";
import { measureLoop } from "#tests/helpers/loopMeter.ts";
import { planPhotoWay, writeLargePhoto } from "#tests/helpers/photoWay.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

/** Longer than this, a window stutters. */
const LONGEST_MS = 200;

/**
 * Measures how long the lab's event loop stands still while a photo of a camera goes all its way: imported, looked at, made
 * noisy, denoised, saved, evaluated, trained with. The network is a blur in a compute process, which does not count here. `--megapixels
 * 24,45` takes some sizes, `--without "evaluate,train"` leaves stretches out by their names. What the loop waits because other programs have the processors is not its own;
 * ends with 1 where a block of its own is longer than 200 ms.
 */
async function benchLoop(): Promise<void> {
  const { values } = parseArgs({
    options: {
      megapixels: { type: "string", default: "24,45,61,100" },
      without: { type: "string", default: "" },
    },
  });
  const home = await mkdtemp(join(tmpdir(), "hinas-loop-"));
  const lab = createLab({
    home,
    log: () => undefined,
    computeEntry: join(import.meta.dirname, "../helpers/scriptedWorker.ts"),
  });
  let longest = 0;
  try {
    const model = await train(lab, join(home, "small"));
    print(toRow("megapixels", "stretch", "longest block, ms", "its own part", "at work", "seconds"));
    for (const megapixels of values.megapixels.split(",").map(Number)) {
      const file = join(home, `photos-${megapixels}`, `photo-${megapixels}.jpg`);
      await mkdir(join(home, `photos-${megapixels}`));
      await writeLargePhoto(file, megapixels);
      for (const { name, work } of planPhotoWay(lab, file, model)) {
        if (values.without.split(/,(?! )/).includes(name)) continue;
        const start = performance.now();
        const { clockMs, ownMs, workMs } = await measureLoop(work);
        longest = Math.max(longest, ownMs);
        const times = [clockMs, ownMs, workMs].map((ms) => ms.toFixed(0));
        print(toRow(String(megapixels), name, ...times, ((performance.now() - start) / 1000).toFixed(1)));
      }
      await rm(join(home, `photos-${megapixels}`), { recursive: true });
    }
    const peakGb = process.resourceUsage().maxRSS / 1024 ** 2;
    print(
      `longest block of its own ${longest.toFixed(0)} ms, at most ${LONGEST_MS} allowed; peak memory ${peakGb.toFixed(1)} GB`,
    );
  } finally {
    await lab.close();
    await rm(home, { recursive: true, force: true });
  }
  process.exitCode = longest > LONGEST_MS ? 1 : 0;
}

async function train(lab: ReturnType<typeof createLab>, folder: string): Promise<string> {
  await mkdir(folder);
  for (let i = 0; i < 3; i += 1) {
    const picture = sharp({ create: { width: 96, height: 96, channels: 3, background: { r: 40 * i, g: 90, b: 120 } } });
    await picture.png().toFile(join(folder, `small-${i}.png`));
  }
  const settings = { name: "blur", data: { dataset: folder }, network: { imageChannels: 3 }, training: { steps: 40 } };
  const { id } = await lab.startTraining(trainConfigSchema.parse(settings), TINY_GENOTYPE);
  await lab.waitForRun(id);
  return id;
}

/** The widths fit the head's words. */
function toRow(...cells: readonly string[]): string {
  return cells.map((cell, column) => cell.padEnd([12, 24, 20, 15, 10][column] ?? 0)).join("");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await benchLoop();
