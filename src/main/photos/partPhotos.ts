import { createHash } from "node:crypto";

import { LabError } from "#shared/labError.ts";
import type { TestPart } from "#shared/runs/testPartSchema.ts";

import { type PhotoSplit, splitPhotos } from "./splitPhotos.ts";

/** The settings that say which photo has which part. */
export interface PartSettings {
  readonly validationShare: number;
  /** Left out where no photos are kept for a test. */
  readonly test?: TestPart | undefined;
}

/** The parts of a data set; photos of the test are in no other part. */
export interface PhotoParts<Item> extends PhotoSplit<Item> {
  /** Empty where the settings want none. */
  readonly test: readonly Item[];
}

/** A photo, or a pair of photos, which has one name. */
interface Named {
  readonly name: string;
}

/** One for weights, one for the architecture, one for validation. */
const FEWEST_OTHERS = 3;
/** Missing names that a message lists. */
const LISTED = 3;

/**
 * Takes the photos of the test out of those of a data set, which are in the order of their names, and splits the others as
 * `splitPhotos` does. Who is drawn depends on the names and the test's seed alone, not on the order. Throws LabError
 * `bad_data`, with the counts, where too few are left, and where a listed photo is not there.
 */
export function partPhotos<Item extends Named>(
  photos: readonly Item[],
  { validationShare, test = { kind: "none" } }: PartSettings,
): PhotoParts<Item> {
  const names = chooseTest(
    photos.map(({ name }) => name),
    test,
  );
  const others = photos.filter(({ name }) => !names.has(name));
  if (names.size > 0 && others.length < FEWEST_OTHERS) {
    throw new LabError(
      "bad_data",
      `data.test takes ${names.size} of ${photos.length} photos: at least ${FEWEST_OTHERS} must be left to learn from ` +
        `and to validate on, got ${others.length}`,
    );
  }
  return { ...splitPhotos(others, validationShare), test: photos.filter(({ name }) => names.has(name)) };
}

function chooseTest(names: readonly string[], test: TestPart): ReadonlySet<string> {
  switch (test.kind) {
    case "none":
      return new Set();
    case "share":
      return new Set(draw(names, Math.max(1, Math.round(test.share * names.length)), test.seed));
    case "count":
      return new Set(draw(names, test.photos, test.seed));
    case "list":
      return checkListed(names, test.names);
  }
}

/** Ranks names by a hash of seed and name: one photo more in the folder moves at most one in or out. */
function draw(names: readonly string[], count: number, seed: number): readonly string[] {
  const rankOf = (name: string): string =>
    createHash("sha256")
      .update(JSON.stringify([seed, name]))
      .digest("hex");
  return names
    .map((name) => ({ name, rank: rankOf(name) }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

function checkListed(names: readonly string[], listed: readonly string[]): ReadonlySet<string> {
  const known = new Set(names);
  const missing = listed.filter((name) => !known.has(name));
  if (missing.length === 0) return new Set(listed);
  const more = missing.length > LISTED ? ` and ${missing.length - LISTED} more` : "";
  throw new LabError(
    "bad_data",
    `data.test.names must be photos of the data set, which has ${names.length}; ` +
      `got ${missing.slice(0, LISTED).join(", ")}${more}, which is not among them`,
  );
}
