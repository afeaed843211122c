import { availableParallelism } from "node:os";
import { resolve } from "node:path";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

// Tests start hundreds of processes; what V8 makes of their code is half of what it takes, and is shared.
process.env["NODE_COMPILE_CACHE"] ??= resolve("node_modules/.cache/hinas-tests");

const ALL = ["tests/**/*.test.ts"];
/**
 * Files of pure functions, which change nothing of their process: they share one for each core, and load TensorFlow and our
 * modules once. Those that start processes, change the environment or need a document have a process each.
 */
const TOGETHER = ["tests/shared/**/*.test.ts", "tests/main/compute/layers/**/*.test.ts"];

export default defineConfig({
  plugins: [vue()],
  test: {
    projects: [
      { test: { name: "apart", include: ALL, exclude: TOGETHER } },
      { test: { name: "together", include: TOGETHER, isolate: false } },
    ],
    environment: "node",
    pool: "forks",
    // TensorFlow uses every core by itself, and a test file with a supernet takes up to 2 GB.
    maxWorkers: Math.min(4, availableParallelism()),
    // Tests bring their own models; what is in the box is none of theirs.
    env: { HINAS_MODELS: "no-such-folder" },
    globalSetup: ["tests/helpers/engineSetup.ts"],
    // A slow machine without a native engine computes hundreds of times slower than this one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // One second is too short for a browser that shares two cores with an engine at work.
    expect: { poll: { timeout: 30_000 } },
    reporters: ["default", "./tests/helpers/closingLine.ts"],
  },
});
