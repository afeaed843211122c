import { availableParallelism } from "node:os";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ["tests/**/*.test.ts"],
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
