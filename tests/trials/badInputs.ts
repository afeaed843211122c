import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import sharp from "sharp";

import { genotypeToJson } from "#shared/space/spaces/spaces.ts";
import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";

import { buildCard } from "#tests/helpers/runFixtures.ts";
import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

import { listTree } from "./support/describeRun.ts";
import { inFolder } from "./support/folders.ts";
import {
  type GoodFiles,
  type InputAnswer,
  type InputProcess,
  type InputQuestion,
  type InputWay,
  startInputProcess,
} from "./support/inputProcess.ts";
import { mutate, pick } from "./support/mutate.ts";
import { ODD_FILES } from "./support/oddFiles.ts";
import { createTally, type Trial, type TrialSetup } from "./support/trial.ts";

/** What one input may take. The lab itself takes about 200 MB; a loaded machine needs minutes to start an engine. */
const LIMITS = { timeMs: 240_000, memoryMb: 1_500 };

/** Files that are damaged, or were never whole. */
export const badInputs: Trial = {
  name: "bad-inputs",
  promise: "no file ends or stops the program, and each one that is refused is named in a sentence",
  fullCases: 2_000,
  smallCases: 32,
  run: (setup) => inFolder((folder) => tryInputs(folder, setup)),
};

/** A whole file of some kind, that is damaged, and the name that it gets. */
interface Original {
  readonly kind: InputQuestion["kind"];
  readonly name: string;
  readonly bytes: Buffer;
}

async function tryInputs(folder: string, { cases, seed, worker, log }: TrialSetup) {
  const tally = createTally();
  const faults: string[] = [];
  let lab = await startInputProcess(folder, worker, LIMITS);
  const originals = await listOriginals(lab.files);
  const odd = Object.entries(ODD_FILES);
  try {
    for (const original of originals) faults.push(...(await giveWhole(lab, folder, worker, original)));
    for (let index = 0; index < cases; index += 1) {
      const place = join(folder, `case-${index}`);
      await mkdir(place);
      const random = createRandom(seed, "inputs", index);
      // Every other case is a photo; the first of them are those that were made by hand.
      const made = index % 2 === 0 ? odd[index / 2] : undefined;
      const { kind, file } =
        made === undefined
          ? await damage(place, originals, index, random)
          : ({ kind: "photo", file: await made[1](place) } as const);
      const question: InputQuestion = { kind, file, by: pickWay(kind, worker, random) };
      const answer = await lab.give(question);
      tally.add(`${kind} by ${question.by}: ${answer.outcome}`);
      const fault = findFault(question, answer);
      if (fault !== null) faults.push(`case ${index} (${made?.[0] ?? basename(file)} by ${question.by}): ${fault}`);
      if (fault !== null) log(String(faults.at(-1)).slice(0, 300));
      await rm(place, { recursive: true, force: true });
      lab = await revive(lab, folder, worker);
    }
  } finally {
    if (lab.isAlive()) await lab.end();
  }
  const left = (await listTree(folder)).filter((path) => path.endsWith(".tmp") || path.startsWith("/tmp/"));
  if (left.length > 0) faults.push(`left half-written: ${left.slice(0, 5).join(", ")}`);
  return { counts: tally.counts, faults };
}

/** What is not damaged must be taken, or refusals would say nothing. */
async function giveWhole(
  lab: InputProcess,
  folder: string,
  worker: TrialSetup["worker"],
  { kind, name, bytes }: Original,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const by of listWays(kind, worker)) {
    const place = join(folder, `whole-${name}-${kind}-${by}`);
    await mkdir(place);
    await writeFile(join(place, name), bytes);
    const { outcome, said } = await lab.give({ kind, file: join(place, name), by });
    if (outcome !== "taken") faults.push(`the whole ${name} (${kind} by ${by}) must be taken, got ${outcome}: ${said}`);
  }
  return faults;
}

/** Ways of giving a file of a kind: a card has no door of its own, and no window gives a database. */
function listWays(kind: InputQuestion["kind"], worker: TrialSetup["worker"]): readonly InputWay[] {
  // What came of models is shown by using them; the scripted compute process knows no networks but its own.
  if (kind === "model") return worker === "scripted" ? ["lab"] : ["lab", "window", "command"];
  return kind === "database" ? ["lab", "command", "process"] : ["lab", "window", "command", "process"];
}

/** A process for each would take most of the time. */
const PROCESS_SHARE = 0.06;

function pickWay(kind: InputQuestion["kind"], worker: TrialSetup["worker"], random: Random): InputWay {
  const ways = listWays(kind, worker);
  if (random.uniform() < PROCESS_SHARE && ways.includes("process")) return "process";
  const quick = ways.filter((way) => way !== "process");
  return at(quick, pick(random, quick.length), "ways");
}

async function revive(lab: InputProcess, folder: string, worker: string): Promise<InputProcess> {
  return lab.isAlive() ? lab : startInputProcess(folder, worker, LIMITS);
}

async function damage(
  place: string,
  originals: readonly Original[],
  index: number,
  random: Random,
): Promise<Pick<InputQuestion, "kind" | "file">> {
  const photos = originals.filter(({ kind }) => kind === "photo");
  const others = originals.filter(({ kind }) => kind !== "photo");
  const list = index % 2 === 0 ? photos : others;
  const { kind, name, bytes } = at(
    list,
    index % 2 === 0 ? pick(random, list.length) : ((index - 1) / 2) % list.length,
    "originals",
  );
  const file = join(place, name);
  await writeFile(file, mutate(bytes, random));
  return { kind, file };
}

async function listOriginals({ checkpoint, onnx, database, good }: GoodFiles): Promise<readonly Original[]> {
  const picture = sharp(good).toColourspace("srgb");
  const photo = (name: string, bytes: Buffer): Original => ({ kind: "photo", name, bytes });
  const settings =
    "name: mine\ndata:\n  dataset: sample\nnoise: { kind: gaussian, sigma255: 30 }\ntraining:\n  steps: 100\n";
  return [
    photo("bad.png", await readFile(good)),
    photo("bad.jpg", await picture.clone().jpeg().toBuffer()),
    photo("bad.tif", await picture.clone().tiff().toBuffer()),
    photo("bad.webp", await picture.clone().webp().toBuffer()),
    { kind: "model", name: "bad.safetensors", bytes: await readFile(checkpoint) },
    { kind: "genotype", name: "bad.json", bytes: Buffer.from(genotypeToJson(TINY_GENOTYPE)) },
    { kind: "settings", name: "bad.yaml", bytes: Buffer.from(settings) },
    ...(onnx === null ? [] : [{ kind: "model", name: "bad.onnx", bytes: await readFile(onnx) } as const]),
    { kind: "card", name: "bad.json", bytes: Buffer.from(JSON.stringify(buildCard(), null, 2)) },
    { kind: "database", name: "bad.sqlite", bytes: await readFile(database) },
  ];
}

/** Settings come as texts, which have no name; a database is named by its place in the home. */
const NAMED: ReadonlySet<InputQuestion["kind"]> = new Set(["photo", "model", "genotype", "card"]);

function findFault({ kind, file, by }: InputQuestion, { outcome, said, halves }: InputAnswer): string | null {
  if (outcome !== "taken" && outcome !== "refused") return `${outcome}: ${said}`;
  if (halves.length > 0) return `left half-written: ${halves.join(", ")}`;
  if (outcome === "taken") return null;
  if (said.trim() === "") return "refused without a word";
  const isNamed = said.includes(basename(file)) || said.includes(JSON.stringify(basename(file)).slice(1, -1));
  const mustBeNamed = NAMED.has(kind) || (kind === "settings" && (by === "command" || by === "process"));
  return !mustBeNamed || isNamed ? null : `refused without its name: ${said}`;
}
