import * as tf from "@tensorflow/tfjs-core";
import type { Tensor4D } from "@tensorflow/tfjs-core";

import type { ReferenceFile } from "./referenceFixtures.ts";

/** A tensor of a reference file, the caller's to dispose. Throws where the file does not hold it. */
export function referenceTensor({ tensors }: ReferenceFile, name: string): Tensor4D {
  const found = tensors.get(name);
  if (found === undefined) throw new Error(`reference: there is no tensor ${name}`);
  const [batch = 0, height = 0, width = 0, channels = 0] = found.shape;
  return tf.tensor4d(found.data, [batch, height, width, channels]);
}

/**
 * Runs something twice and returns how many tensors the second run left behind: the engine keeps shapes and constants that
 * it meets for the first time.
 */
export async function countLeaks(run: () => unknown): Promise<number> {
  await run();
  const before = tf.memory().numTensors;
  await run();
  return tf.memory().numTensors - before;
}
