/** The names that results get: the photo's own, and the hash of the model with a self-ensemble's mark or, saved one by one, at most a number. */
const RESULT_NAME = /_hinas(-[0-9a-f]{8}(-x8)?|-\d+)?(-s[0-9.]+)?(-noisy)?\.\w+$/;

/** Tells by a file's name whether it is a denoised photo, which is neither denoised again nor taken into a data set. */
export function isResult(file: string): boolean {
  return RESULT_NAME.test(file);
}
