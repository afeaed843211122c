import { runTool } from "./runTool.ts";

/** The programs that the wheel route needs; null where one is missing. */
export interface Tools {
  /** A Python that has pip. */
  readonly python: string | null;
  readonly compiler: string | null;
}

const GPU_TIMEOUT_MS = 20_000;
/** On a computer that is busy with a training, Python alone was seen to take longer than 20 s to tell pip's version. */
const TOOL_TIMEOUT_MS = 120_000;

/** Looks for a Python with pip and for a C++ compiler, by asking each program for its version. */
export async function findTools(env: NodeJS.ProcessEnv): Promise<Tools> {
  const compilers = [...(env.CXX ? [env.CXX] : []), "g++", "clang++", "c++"];
  const [python, compiler] = await Promise.all([
    findFirst(["python3", "python"], ["-m", "pip", "--version"], env),
    findFirst(compilers, ["--version"], env),
  ]);
  return { python, compiler };
}

/** The names of the NVIDIA GPUs that the driver reports; none where there is no driver. */
export async function findNvidiaGpus(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const result = await runTool(
    "nvidia-smi",
    ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"],
    {
      env,
      timeoutMs: GPU_TIMEOUT_MS,
    },
  );
  return result.ok ? result.stdout.split("\n").filter((line) => line.trim() !== "") : [];
}

async function findFirst(
  commands: readonly string[],
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  for (const command of commands) {
    const result = await runTool(command, args, { env, timeoutMs: TOOL_TIMEOUT_MS });
    if (result.ok) return command;
  }
  return null;
}
