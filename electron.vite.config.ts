import vue from "@vitejs/plugin-vue";
import { defineConfig } from "electron-vite";

export default defineConfig(({ command }) => ({
  main: {
    // The main process trusts a page from the address in its environment only where `npm run dev` built it.
    define: { IS_DEVELOPMENT: JSON.stringify(command === "serve") },
    build: {
      outDir: "out/main",
      // The compute process, the process that starts it and the threads for photos have entries of their own: the main process starts them by their files.
      rolldownOptions: {
        input: {
          index: "src/main/index.ts",
          worker: "src/main/compute/worker.ts",
          starter: "src/main/processes/starter.ts",
          photoThread: "src/main/photos/threads/thread.ts",
        },
      },
    },
  },
  preload: {
    build: {
      outDir: "out/preload",
      rolldownOptions: {
        input: "src/main/shell/preload.ts",
        // A sandboxed preload script is loaded as CommonJS.
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: "src/renderer",
    build: {
      outDir: "out/renderer",
      minify: true,
      // The page may load fonts and pictures from its own place only, not from data: addresses.
      assetsInlineLimit: 0,
      rolldownOptions: { input: "src/renderer/index.html" },
    },
    plugins: [vue()],
  },
}));
