/**
 * Without these glibc maps and unmaps every large tensor anew and page faults dominate: tensors up to 1 GiB come from
 * the heap instead, which grows by 64 MiB and keeps up to 4 GiB for the next step. glibc reads them at the start only.
 */
const MALLOC_SETTINGS: Readonly<Record<string, string>> = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 30),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 32),
  MALLOC_TOP_PAD_: String(2 ** 26),
};

/** TensorFlow switches oneDNN on by itself only on processors with newer AVX-512; without it dilated backprops are refused. */
const TENSORFLOW_SETTINGS: Readonly<Record<string, string>> = {
  TF_ENABLE_ONEDNN_OPTS: "1",
  TF_CPP_MIN_LOG_LEVEL: "2",
};

/** Names the addon that a process which computes loads, by its path; without it the one in the package is loaded. */
export const ADDON_VARIABLE = "HINAS_ENGINE_ADDON";

/** The environment for a process that computes. What the person has set is kept. */
export function getComputeEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...TENSORFLOW_SETTINGS, ...(process.platform === "linux" ? MALLOC_SETTINGS : {}), ...env };
}
