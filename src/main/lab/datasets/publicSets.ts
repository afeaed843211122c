import { findNearestName } from "#main/config/nearestName.ts";
import { LabError } from "#shared/labError.ts";
import type { PublicSet } from "#shared/api/publicSets.ts";

/** Where a public set is downloaded from. */
export type PublicSource =
  /** One archive, `.zip` or `.tgz` by its name; only photos below `inside` are unpacked. */
  | { readonly kind: "archive"; readonly address: string; readonly inside: string }
  /** Single files, each under its own name. */
  | { readonly kind: "files"; readonly addresses: readonly string[] };

/** A public set, and how it is fetched. */
export interface KnownSet extends PublicSet {
  readonly source: PublicSource;
  /** SHA-256 of the archive, or of the list of files with theirs, as its publishers give it; null where they give none. */
  readonly sha256: string | null;
}

const DNCNN = "https://raw.githubusercontent.com/cszn/DnCNN/master/testsets";

function nameFiles(count: number, digits: number, place: (number: string) => string): readonly string[] {
  return Array.from({ length: count }, (_, index) => place(String(index + 1).padStart(digits, "0")));
}

/** Nobody of these publishes a checksum, so that a first download is taken as it comes and later ones are compared with it. */
export const PUBLIC_SETS: readonly KnownSet[] = [
  {
    name: "BSDS500",
    photos: 500,
    megabytes: 71,
    use: "training and search: 500 colour photos of 481 by 321 pixels in the folders train, val and test",
    licence: "for non-commercial research and education (Berkeley Segmentation Data Set)",
    page: "https://www2.eecs.berkeley.edu/Research/Projects/CS/vision/grouping/resources.html",
    source: {
      kind: "archive",
      address: "https://www2.eecs.berkeley.edu/Research/Projects/CS/vision/grouping/BSR/BSR_bsds500.tgz",
      inside: "BSR/BSDS500/data/images",
    },
    sha256: null,
  },
  {
    name: "BSDS300",
    photos: 300,
    megabytes: 22,
    use: "training: 200 colour photos in train; tests: 100 in test, from which BSD68 was taken",
    licence: "for non-commercial research and education (Berkeley Segmentation Data Set)",
    page: "https://www2.eecs.berkeley.edu/Research/Projects/CS/vision/bsds/",
    source: {
      kind: "archive",
      address: "https://www2.eecs.berkeley.edu/Research/Projects/CS/vision/bsds/BSDS300-images.tgz",
      inside: "BSDS300/images",
    },
    sha256: null,
  },
  {
    name: "BSD68",
    photos: 68,
    megabytes: 7,
    use: "tests on grey photos: the set of most published figures",
    licence:
      "for non-commercial research and education (Berkeley Segmentation Data Set); files of the authors of DnCNN",
    page: "https://github.com/cszn/DnCNN",
    source: { kind: "files", addresses: nameFiles(68, 3, (number) => `${DNCNN}/BSD68/test${number}.png`) },
    sha256: null,
  },
  {
    name: "Set12",
    photos: 12,
    megabytes: 2,
    use: "tests on grey photos: twelve well-known pictures",
    licence: "no licence is stated; in use for research since decades; files of the authors of DnCNN",
    page: "https://github.com/cszn/DnCNN",
    source: { kind: "files", addresses: nameFiles(12, 2, (number) => `${DNCNN}/Set12/${number}.png`) },
    sha256: null,
  },
  {
    name: "Kodak24",
    photos: 24,
    megabytes: 15,
    use: "tests on colour photos: 24 scans of film without loss",
    licence: "released by Kodak for unrestricted use",
    page: "https://r0k.us/graphics/kodak/",
    source: {
      kind: "files",
      addresses: nameFiles(24, 2, (number) => `https://r0k.us/graphics/kodak/kodak/kodim${number}.png`),
    },
    sha256: null,
  },
  {
    name: "DIV2K-valid",
    photos: 100,
    megabytes: 430,
    use: "tests and training on large colour photos of about 2000 by 1400 pixels",
    licence: "for academic research only; the photos belong to their authors",
    page: "https://data.vision.ee.ethz.ch/cvl/DIV2K/",
    source: {
      kind: "archive",
      address: "https://data.vision.ee.ethz.ch/cvl/DIV2K/DIV2K_valid_HR.zip",
      inside: "DIV2K_valid_HR",
    },
    sha256: null,
  },
];

/** Finds a set by its name in any case. Throws LabError `not_found` with the nearest name. */
export function findPublicSet(name: string, sets: readonly KnownSet[] = PUBLIC_SETS): KnownSet {
  const found = sets.find((set) => set.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const names = sets.map((set) => set.name);
  const nearest = findNearestName(name, names);
  const hint = nearest === null ? `there are ${names.join(", ")}` : `did you mean ${nearest}?`;
  throw new LabError("not_found", `no public set is named ${name}; ${hint}`);
}
