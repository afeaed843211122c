import { existsSync } from "node:fs";
import { mkdir, readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

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
const MODEL_FILE = /\.(safetensors|onnx)$/i;

/** What the folders of models are opened with. */
export interface ModelPlaces {
  /** The lab's own models, `<hash>/card.json` with the weights beside; it need not exist. */
  readonly folder: string;
  /** The models that came with the program: safetensors and ONNX files; it need not exist. */
  readonly shippedFolder: string;
  readonly trash: string;
  /** Reads the card that stands in a shipped file. */
  readonly readCardInside: (file: string) => Promise<ModelCard>;
}

/** Opens the folders of models. All throw LabError `disk` or `permission`. */
export function openModelFolders({ folder, shippedFolder, trash, readCardInside }: ModelPlaces): ModelFolders {
  const folderOf = (hash: string): string => join(folder, hash.slice(0, 8));
  const toImported = (card: ModelCard): KeptModel => ({
    card,
    source: "imported",
    file: join(folderOf(card.hash), WEIGHTS),
  });
  const readShipped = rememberCards(readCardInside);
  return {
    list: async () => {
      const imported = await readModels(
        (await listNames(folder)).map((name) => join(folder, name, WEIGHTS)),
        "imported",
        readImportedCard,
      );
      const files = (await listNames(shippedFolder)).filter((name) => MODEL_FILE.test(name));
      const shipped = await readModels(
        files.map((name) => join(shippedFolder, name)),
        "shipped",
        readShipped,
      );
      return {
        models: withoutTwins([...imported.models, ...shipped.models]),
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

async function readImportedCard(weights: string): Promise<ModelCard> {
  const card = await readJsonFile(join(dirname(weights), CARD), modelCardSchema);
  if (existsSync(weights)) return card;
  throw new LabError("not_found", `model ${card.name}: there must be ${weights} beside its card`);
}

/** Models are listed at every look at a photo: a file that did not change is not read again. */
function rememberCards(readCard: ModelPlaces["readCardInside"]): ModelPlaces["readCardInside"] {
  const known = new Map<string, { readonly mark: string; readonly card: ModelCard }>();
  return async (file) => {
    const { size, mtimeMs } = await stat(file).catch((cause: unknown) => {
      throw toDiskError(`read ${file}`, cause);
    });
    const mark = `${size} ${mtimeMs}`;
    const seen = known.get(file);
    if (seen?.mark === mark) return seen.card;
    const card = await readCard(file);
    known.set(file, { mark, card });
    return card;
  };
}

async function readModels(
  files: readonly string[],
  source: KeptModel["source"],
  readCard: (file: string) => Promise<ModelCard>,
): ReturnType<ModelFolders["list"]> {
  const models: KeptModel[] = [];
  const problems: string[] = [];
  for (const file of files) {
    try {
      models.push({ card: await readCard(file), source, file });
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      problems.push(error.message);
    }
  }
  return { models, problems };
}

/** A network that lies there twice, as ONNX and safetensors, is one model. */
function withoutTwins(models: readonly KeptModel[]): readonly KeptModel[] {
  return models.filter(({ card }, index) => models.findIndex((other) => other.card.hash === card.hash) === index);
}
