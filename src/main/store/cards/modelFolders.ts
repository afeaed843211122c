import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";

import { toDiskError } from "#main/files/diskError.ts";
import { readJsonFile } from "#main/files/readJsonFile.ts";
import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "#main/store/privateHome.ts";
import { moveToTrash } from "#main/store/trash.ts";
import { LabError } from "#shared/labError.ts";
import { type ModelCard, modelCardSchema } from "#shared/runs/modelCard.ts";

/** A network with a card: shipped with the program, or brought into the lab. */
export interface KeptModel {
  readonly card: ModelCard;
  readonly source: "shipped" | "imported";
  /** Its weights. */
  readonly file: string;
}

/** Where models with cards lie. */
export interface ModelFolders {
  /** Imported ones first, then shipped ones, by name; those that cannot be read are reported, not thrown. */
  list(): Promise<{ readonly models: readonly KeptModel[]; readonly problems: readonly string[] }>;
  /** Makes the folder of an imported model and names the file for its weights. */
  prepare(hash: string): Promise<string>;
  /** Makes an imported model known, whose weights are in place. */
  put(card: ModelCard): Promise<KeptModel>;
  /** Moves an imported model to the trash. */
  remove(hash: string): Promise<void>;
}

const CARD = "card.json";
const WEIGHTS = "model.safetensors";

/**
 * Opens the lab's own folder of models, `<hash>/card.json` with the weights beside, and that of shipped ones,
 * `<name>.json` with `<name>.safetensors`. Neither need exist. All throw LabError `disk` or `permission`.
 */
export function openModelFolders(folder: string, shippedFolder: string, trash: string): ModelFolders {
  const folderOf = (hash: string): string => join(folder, hash.slice(0, 8));
  const toImported = (card: ModelCard): KeptModel => ({
    card,
    source: "imported",
    file: join(folderOf(card.hash), WEIGHTS),
  });
  return {
    list: async () => {
      const imported = await readCards(
        (await listNames(folder)).map((name) => ({
          file: join(folder, name, CARD),
          weights: join(folder, name, WEIGHTS),
        })),
        "imported",
      );
      const shipped = await readCards(
        (await listNames(shippedFolder)).flatMap((name) => {
          if (!name.endsWith(".json")) return [];
          const stem = join(shippedFolder, name.slice(0, -".json".length));
          return [{ file: `${stem}.json`, weights: `${stem}.safetensors` }];
        }),
        "shipped",
      );
      return {
        models: [...imported.models, ...shipped.models],
        problems: [...imported.problems, ...shipped.problems],
      };
    },
    prepare: async (hash) => {
      const made = folderOf(hash);
      await mkdir(made, { recursive: true, mode: PRIVATE_FOLDER }).catch((cause: unknown) => {
        throw toDiskError(`create ${made}`, cause);
      });
      return join(made, WEIGHTS);
    },
    put: async (card) => {
      await writeFileAtomically(join(folderOf(card.hash), CARD), `${JSON.stringify(card, null, 2)}\n`, PRIVATE_FILE);
      return toImported(card);
    },
    remove: async (hash) => {
      await moveToTrash(trash, folderOf(hash));
    },
  };
}

async function listNames(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const names = await readdir(folder).catch((cause: unknown) => {
    throw toDiskError(`read ${folder}`, cause);
  });
  return names.filter((name) => !name.startsWith(".")).toSorted();
}

async function readCards(
  places: readonly { readonly file: string; readonly weights: string }[],
  source: KeptModel["source"],
): ReturnType<ModelFolders["list"]> {
  const models: KeptModel[] = [];
  const problems: string[] = [];
  for (const { file, weights } of places) {
    try {
      const card = await readJsonFile(file, modelCardSchema);
      if (!existsSync(weights))
        throw new LabError("not_found", `model ${card.name}: there must be ${weights} beside its card`);
      models.push({ card, source, file: weights });
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      problems.push(error.message);
    }
  }
  return { models, problems };
}
