import { existsSync } from "node:fs";
import { basename, extname, resolve } from "node:path";

import type { ComputeFunctions, ModelFacts } from "#main/compute/protocol.ts";
import { writeNewFile } from "#main/files/writeNewFile.ts";
import type { ModelFolders } from "#main/store/cards/modelFolders.ts";
import type { Model } from "#shared/api/evaluations.ts";
import type { ExportedModel, ModelFormat } from "#shared/api/models.ts";
import { LabError } from "#shared/labError.ts";
import { type ModelCard, modelCardSchema } from "#shared/runs/modelCard.ts";

import { type TaskComputeContext, useTaskCompute } from "#main/lab/tasks/taskCompute.ts";

import { type CardContext, makeBareCard, makeCardOfRun } from "./cardOfRun.ts";
import { toKeptModel, toModel } from "./modelList.ts";
import { findKept, findModel, listKept, type ModelContext } from "./models.ts";

/** What models leave the lab and come into it with. */
export interface ExchangeContext extends ModelContext, TaskComputeContext, CardContext {
  readonly models: ModelFolders;
}

/** A model as it is to be written. */
export interface ExportWish {
  readonly model: string;
  readonly format: ModelFormat;
  readonly file: string;
  readonly card: Readonly<Record<string, unknown>>;
}

/** Gives a model of the lab with its card. Throws LabError `not_found`, and `bad_config` for a file. */
export async function showModel(
  context: ExchangeContext,
  name: string,
): Promise<{ readonly model: Model; readonly card: ModelCard }> {
  const found = await findModel(context, name);
  if (found.kept !== null) return { model: toKeptModel(found.kept), card: found.kept.card };
  if (found.run === null) throw new LabError("bad_config", `import ${name} first, to see its card`);
  const { hash } = await inspect(context, found.checkpointFile);
  const run = await context.showRun(found.run.id);
  return { model: await toModel(run), card: await makeCardOfRun(context, run, hash) };
}

/**
 * Writes a model and its card as a file that onnxruntime has been seen to run, with the card beside it once more. Throws
 * LabError `bad_config` for files that are there, and `engine` where onnxruntime makes something else of it.
 */
export async function exportModel(context: ExchangeContext, wish: ExportWish): Promise<ExportedModel> {
  const file = resolve(wish.file);
  if (extname(file).toLowerCase() !== `.${wish.format}`) {
    throw new LabError("bad_config", `the file must end in .${wish.format}, got ${basename(file)}`);
  }
  const cardFile = `${file.slice(0, -extname(file).length)}.json`;
  for (const each of [file, cardFile]) {
    if (existsSync(each)) throw new LabError("bad_config", `${each} is there already; choose another name`);
  }
  const found = await findModel(context, wish.model);
  const facts = await inspect(context, found.checkpointFile);
  const known =
    found.kept?.card ??
    (found.run === null
      ? (facts.card ?? makeBareCard(nameOf(found.checkpointFile), facts))
      : await makeCardOfRun(context, found.run, facts.hash));
  const card = changeCard(known, wish.card);
  const request = { file: found.checkpointFile, format: wish.format, target: file, overwrite: false, card };
  const largestDifference = await useBareCompute(context, (compute) => compute.exportModel(request));
  await writeNewFile(cardFile, `${JSON.stringify(card, null, 2)}\n`);
  return { file, cardFile, hash: card.hash, largestDifference };
}

/** Takes a file that this program wrote into the lab; one with the same content that is there already stays. Throws LabError. */
export async function importModel(context: ExchangeContext, given: string): Promise<Model> {
  const file = resolve(given);
  const facts = await inspect(context, file);
  const known = (await listKept(context)).find(({ card }) => card.hash === facts.hash);
  if (known !== undefined) return toKeptModel(known);
  const card = facts.card ?? makeBareCard(nameOf(file), facts);
  const target = await context.models.prepare(card.hash);
  await useBareCompute(context, (compute) =>
    compute.exportModel({ file, format: "safetensors", target, overwrite: true, card }),
  );
  return toKeptModel(await context.models.put(card));
}

/** Moves an imported model to the trash. Throws LabError `bad_config` for models of runs and shipped ones, and `not_found`. */
export async function removeModel(context: ExchangeContext, name: string): Promise<void> {
  const kept = await findKept(context, name);
  if (kept?.source === "imported") {
    await context.models.remove(kept.card.hash);
    return;
  }
  if (kept !== null) throw new LabError("bad_config", `${kept.card.name} came with the program and stays`);
  const run = await context.showRun(name);
  throw new LabError("bad_config", `this is the model of run ${run.id}; \`hinas runs rm\` removes that`);
}

async function inspect(context: ExchangeContext, file: string): Promise<ModelFacts> {
  return useBareCompute(context, (compute) => compute.inspectModel(file));
}

/** Nothing is installed for it. */
async function useBareCompute<T>(
  context: TaskComputeContext,
  work: (compute: ComputeFunctions) => Promise<T>,
): Promise<T> {
  return useTaskCompute(context, null, {}, async (lease) => work((await lease.getBareCompute()).compute));
}

/** Only words and figures may be changed: hash, genotype and network are facts. Throws LabError `bad_config`. */
function changeCard(card: ModelCard, changes: Readonly<Record<string, unknown>>): ModelCard {
  const { schema, version, hash, genotype, network } = card;
  const parsed = modelCardSchema.safeParse({ ...card, ...changes, schema, version, hash, genotype, network });
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new LabError("bad_config", `the card must be as its schema says: ${issues.join("; ")}`);
}

function nameOf(file: string): string {
  return basename(file, extname(file));
}
