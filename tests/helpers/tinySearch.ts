/** What tiny searches differ in. */
export interface TinySearch {
  readonly name: string;
  readonly dataset: string;
  readonly epochs: number;
  /** Further settings of the search, each after a comma. */
  readonly more?: string;
}

/** The smallest search whose op weights move, for the real engine, as a settings file. */
export function toTinySearch({ name, dataset, epochs, more = "" }: TinySearch): string {
  return `
name: ${name}
noise: { kind: gaussian, sigma255: 30 }
data: { dataset: ${dataset}, validationShare: 0.125 }
space: { layers: 2, nodes: 1, filters: 4, widthFactors: [1, 1.5], primitives: [conv_3x3, skip_connect, none] }
search: { epochs: ${epochs}, warmupEpochs: 1, patchSize: 24, arch: { learningRate: 0.1 }, batchSize: 1${more} }
`;
}
