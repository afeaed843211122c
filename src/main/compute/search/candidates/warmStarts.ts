import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";
import { readModel } from "#main/compute/network/modelFile.ts";
import type { Trial } from "#main/compute/search/estimators/trial.ts";

/** So many of the newest and of the best candidates may still be changed into others: far above any usual population. */
const KEPT = { newest: 64, best: 64 };
const ENDING = ".safetensors";

/** A candidate that has its score, by the hash of its genotype. */
export interface Scored {
  readonly hash: string;
  readonly score: number;
}

/**
 * The trained networks of a search's candidates, with whose weights those begin that are changed from them. They lie beside the
 * checkpoints, so that a continuation has them; which are kept follows from the scores alone, so that it begins with the same.
 */
export class WarmStarts {
  readonly #folder: string;

  /** `runFolder` is that of the search. */
  constructor(runFolder: string) {
    this.#folder = join(runFolder, "checkpoints", "candidates");
  }

  /**
   * Reads the network that a candidate begins with, and removes those that none can begin with any more; `scored` are all with a score,
   * in the order in which they were asked for. Null without a parent, or where its network is not kept. Throws LabError `bad_checkpoint`.
   */
  async begin(parent: string | undefined, scored: readonly Scored[]): Promise<TrainedNetwork | null> {
    const kept = listKept(scored);
    // A run that is killed before its checkpoint is written goes on from one candidate before.
    const before = listKept(scored.slice(0, -1));
    const files = await this.#list();
    for (const file of files) {
      const hash = file.slice(0, -ENDING.length);
      if (!kept.has(hash) && !before.has(hash)) await rm(join(this.#folder, file), { force: true });
    }
    if (parent === undefined || !kept.has(parent) || !files.includes(`${parent}${ENDING}`)) return null;
    return (await readModel(this.#fileOf(parent))).network;
  }

  /** Keeps the network of a trial that has ended; its beginning has made the folder. */
  async keep(hash: string, trial: Pick<Trial, "saveNetwork">): Promise<void> {
    await trial.saveNetwork(this.#fileOf(hash));
  }

  #fileOf(hash: string): string {
    return join(this.#folder, `${hash}${ENDING}`);
  }

  async #list(): Promise<readonly string[]> {
    await mkdir(this.#folder, { recursive: true });
    return readdir(this.#folder);
  }
}

function listKept(scored: readonly Scored[]): ReadonlySet<string> {
  const best = scored.toSorted((a, b) => b.score - a.score).slice(0, KEPT.best);
  return new Set([...scored.slice(-KEPT.newest), ...best].map(({ hash }) => hash));
}
