import { stringify } from "yaml";

/** What tiny searches differ in. */
export interface TinySearch {
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly epochs: number;
  /** Further settings of the search. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** The smallest search whose op weights move, for the real engine, as settings that are to be parsed. */
export function makeTinySearch({ name, data, epochs, more = {} }: TinySearch) {
  return {
    name,
    noise: { kind: "gaussian", sigma255: 30 },
    data: { validationShare: 0.125, ...data },
    space: {
      layers: 2,
      nodes: 1,
      filters: 4,
      widthFactors: [1, 1.5],
      primitives: ["conv_3x3", "skip_connect", "none"],
    },
    search: { epochs, warmupEpochs: 1, patchSize: 24, arch: { learningRate: 0.1 }, batchSize: 1, ...more },
  };
}

/** The same as a settings file. */
export function toTinySearch(search: TinySearch): string {
  return stringify(makeTinySearch(search));
}
