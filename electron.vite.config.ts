import vue from "@vitejs/plugin-vue";
import { defineConfig } from "electron-vite";

export default defineConfig({
  main: {
    build: { outDir: "out/main", rolldownOptions: { input: "src/main/index.ts" } },
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
});
