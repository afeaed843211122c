import type { EngineFacts, SelfTestResult, SystemFacts } from "#shared/api/doctor.ts";

import { TENSORFLOW_VERSION } from "#main/engine/install/engineCache.ts";

interface Remedy {
  /** Matched against why a route failed. */
  readonly sign: RegExp;
  readonly remedy: string;
}

const REMEDIES: readonly Remedy[] = [
  {
    sign: /python3 with pip was not found/,
    remedy: "install python3 with pip (Debian, Ubuntu: `apt install python3-pip`; Fedora: `dnf install python3-pip`)",
  },
  {
    sign: /C\+\+ compiler .*was not found/,
    remedy: "install a C++ compiler (Debian, Ubuntu: `apt install g++`; Fedora: `dnf install gcc-c++`)",
  },
  {
    sign: /wheels are used on Linux only/,
    remedy:
      "run `hinas doctor --allow-unverified`, which downloads TensorFlow 2.9.1 and an addon that carry no checksum, " +
      "where you trust their source and your network",
  },
  {
    sign: /DO NOT MATCH THE HASHES/,
    remedy: "ask whoever keeps your package index why its file is not the one that was published; it was not installed",
  },
  {
    sign: /pip could not download(?!.*DO NOT MATCH)/,
    remedy:
      `let pip reach its package index (behind a firewall: PIP_INDEX_URL or HTTPS_PROXY); ` +
      `\`python3 -m pip download --no-deps tensorflow-cpu==${TENSORFLOW_VERSION}\` must work`,
  },
  {
    sign: /free in .*, got|ENOSPC|disk is full/,
    remedy: "free some disk space, or set HINAS_CACHE to a folder on another disk",
  },
  { sign: /EACCES|EROFS|permission denied/, remedy: "set HINAS_CACHE to a folder that you may write to" },
  {
    sign: /does not compile/,
    remedy: "use a compiler that knows C++17 (g++ 8 or newer, clang++ 7 or newer; CXX chooses it)",
  },
  { sign: /GLIBC/, remedy: "use a Linux with glibc 2.27 or newer" },
  { sign: /SIGILL/, remedy: "use a processor with AVX: TensorFlow is built for it" },
];

/** Less than this and a search at the published settings does not fit without the recompute setting. */
const COMFORTABLE_MEMORY_MB = 3_500;
/** A few runs with their checkpoints. */
const COMFORTABLE_DISK_MB = 2_000;

/** Says in plain words what to do next, most important first; nothing where all is well. */
export function adviseNext(
  engine: EngineFacts,
  selfTest: readonly SelfTestResult[],
  system: SystemFacts,
): readonly string[] {
  return [...adviseOnEngine(engine, system), ...adviseOnSelfTest(selfTest), ...adviseOnRoom(system)];
}

function adviseOnEngine(engine: EngineFacts, system: SystemFacts): readonly string[] {
  if (engine.backend === "tensorflow") {
    const gpu = "The GPU is not used: the routes above say why TensorFlow with CUDA could not be installed.";
    const oneDnn = "oneDNN is off and convolutions are slow: unset TF_ENABLE_ONEDNN_OPTS or set it to 1.";
    return [...(system.gpus.length > 0 && !engine.isGpu ? [gpu] : []), ...(engine.oneDnn ? [] : [oneDnn])];
  }
  const failures = engine.routes.filter((route) => !route.ok).map((route) => route.detail);
  const remedies = REMEDIES.filter(({ sign }) => failures.some((detail) => sign.test(detail)));
  return [
    "No native TensorFlow runs here; plain JavaScript computes, a hundred times slower and more.",
    ...remedies.map(({ remedy }) => `To get TensorFlow: ${remedy}.`),
    "Then run `hinas doctor` again: it tries every route anew.",
  ];
}

function adviseOnSelfTest(selfTest: readonly SelfTestResult[]): readonly string[] {
  const failed = selfTest.filter((result) => !result.ok).map((result) => result.name);
  if (failed.length === 0) return [];
  return [
    `Do not trust results of this engine: the gradients of ${failed.join(", ")} are wrong. Please report it with this text.`,
  ];
}

function adviseOnRoom({ memory, disks }: SystemFacts): readonly string[] {
  const isTight = memory.availableMb < COMFORTABLE_MEMORY_MB;
  const full = disks.flatMap(({ holds, folder, freeMb }) => {
    if (freeMb === null || freeMb >= COMFORTABLE_DISK_MB) return [];
    return [`The disk of the ${holds} (${folder}) has only ${freeMb} MB free.`];
  });
  return [
    ...(isTight ? ["Memory is tight: search with `--set search.recompute=true`, a smaller patch or batch."] : []),
    ...full,
  ];
}
