import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, it, onTestFinished } from "vitest";

/** A file, what it imports, and what the message must name; null where the import is allowed. */
const CASES: readonly (readonly [file: string, from: string, names: string | null])[] = [
  ["src/shared/space/x.ts", "zod", null],
  ["src/shared/space/x.ts", "./genotype.ts", null],
  ["src/shared/space/x.ts", "#shared/image/photo.ts", null],
  ["src/shared/space/x.ts", "node:fs", "runs anywhere"],
  ["src/shared/space/x.ts", "vue", "runs anywhere"],
  ["src/shared/space/x.ts", "#main/lab/lab.ts", "runs anywhere"],
  ["src/shared/space/x.ts", "../image/photo.ts", "#shared/"],
  ["src/shared/labError.ts", "./at.ts", null],
  ["src/shared/at.ts", "#shared/runs/config.ts", "none of its folders"],
  ["src/shared/random/x.ts", "#shared/at.ts", null],
  ["src/shared/random/x.ts", "#shared/image/photo.ts", "under all that draws them"],
  ["src/shared/image/x.ts", "#shared/random/random.ts", null],
  ["src/shared/image/x.ts", "#shared/runs/config.ts", "src/shared/runs"],
  ["src/shared/image/x.ts", "#shared/space/cells/genotype.ts", "src/shared/runs"],
  ["src/shared/space/x.ts", "#shared/runs/config.ts", "src/shared/runs"],
  ["src/shared/space/cells/x.ts", "#shared/api/lab.ts", "src/shared/api"],
  ["src/shared/runs/x.ts", "#shared/image/photo.ts", null],
  ["src/shared/runs/x.ts", "#shared/space/cells/genotype.ts", null],
  ["src/shared/runs/x.ts", "#shared/api/runs.ts", "src/shared/runs"],
  ["src/shared/api/x.ts", "#shared/runs/config.ts", null],
  ["src/renderer/x.ts", "vue", null],
  ["src/renderer/x.ts", "#shared/api/lab.ts", null],
  ["src/renderer/x.ts", "#main/lab/lab.ts", "#shared/api"],
  ["src/renderer/x.ts", "node:fs", "#shared/api"],
  ["src/renderer/x.ts", "electron", "src/main/shell"],
  ["src/renderer/stores/x.ts", "#renderer/lab/labApi.ts", null],
  ["src/renderer/stores/x.ts", "#renderer/components/charts/x.ts", "never the reverse"],
  ["src/renderer/stores/x.ts", "#renderer/run/runHistory.ts", "never the reverse"],
  ["src/renderer/lab/x.ts", "#renderer/views/home/x.ts", "never the reverse"],
  ["src/renderer/components/x.ts", "#renderer/stores/runs.ts", null],
  ["src/renderer/components/x.ts", "#renderer/run/RunBadge.vue", "src/renderer/run"],
  ["src/renderer/components/photos/x.ts", "#renderer/views/home/x.ts", "src/renderer/views"],
  ["src/renderer/components/photos/x.ts", "#main/lab/lab.ts", "#shared/api"],
  ["src/renderer/run/x.ts", "#renderer/components/charts/x.ts", null],
  ["src/renderer/run/x.ts", "#renderer/views/search/x.ts", "src/renderer/views"],
  ["src/renderer/views/home/x.ts", "#renderer/run/runHistory.ts", null],
  ["src/renderer/frame/x.ts", "#renderer/run/RunBadge.vue", null],
  ["src/renderer/frame/x.ts", "#renderer/views/home/x.ts", "src/renderer/routing"],
  ["src/renderer/routing/x.ts", "#renderer/views/home/HomeView.vue", null],
  ["src/main/shell/x.ts", "electron", null],
  ["src/main/index.ts", "#main/shell/window.ts", null],
  ["src/main/index.ts", "electron", "src/main/shell"],
  ["src/main/shell/x.ts", "#main/compute/search/searchLoop.ts", "src/main/compute/host.ts"],
  ["src/main/cli/x.ts", "#main/lab/lab.ts", null],
  ["src/main/cli/x.ts", "#main/engine/doctor/doctorReport.ts", null],
  ["src/main/cli/x.ts", "#main/store/openStore.ts", "src/main/lab"],
  ["src/main/cli/x.ts", "#main/store/labHome.ts", null],
  ["src/main/cli/x.ts", "electron", "src/main/shell"],
  ["src/main/lab/x.ts", "#main/compute/host.ts", null],
  ["src/main/lab/x.ts", "#main/compute/protocol.ts", null],
  ["src/main/lab/x.ts", "#main/store/openStore.ts", null],
  ["src/main/lab/x.ts", "#main/engine/install/ensureEngine.ts", null],
  ["src/main/lab/x.ts", "#main/compute/network/network.ts", "src/main/compute/host.ts"],
  ["src/main/lab/x.ts", "@tensorflow/tfjs-core", "src/main/compute"],
  ["src/main/lab/x.ts", "#main/cli/doctor.ts", "does not know who asks"],
  ["src/main/lab/runs/x.ts", "#main/server/serveLab.ts", "does not know who asks"],
  ["src/main/lab/runs/x.ts", "#main/api/door.ts", "does not know who asks"],
  ["src/main/lab/runs/x.ts", "#main/lab/datasets/datasets.ts", null],
  ["src/main/lab/home/x.ts", "#main/lab/lab.ts", "puts the subjects together"],
  ["src/main/lab/x.ts", "#main/lab/home/home.ts", null],
  ["src/main/api/x.ts", "#main/config/describeIssue.ts", null],
  ["src/main/api/x.ts", "#main/server/serveLab.ts", "not who carries it"],
  ["src/main/store/x.ts", "#main/files/writeFileAtomically.ts", null],
  ["src/main/store/x.ts", "#main/lab/lab.ts", "src/main/lab calls them"],
  ["src/main/photos/x.ts", "#main/compute/host.ts", "src/main/lab calls them"],
  ["src/main/files/x.ts", "#main/store/openStore.ts", "lowest layer"],
  ["src/main/compute/host.ts", "#main/lab/lab.ts", "src/main/lab"],
  ["src/main/compute/host.ts", "./protocol.ts", null],
  ["src/main/compute/host.ts", "#main/engine/install/ensureEngine.ts", null],
  ["src/main/compute/channel.ts", "./job/jobContext.ts", "src/main/compute/worker.ts"],
  ["src/main/compute/protocol.ts", "#main/compute/network/network.ts", "src/main/compute/worker.ts"],
  ["src/main/compute/protocol.ts", "@tensorflow/tfjs-core", "src/main/compute"],
  ["src/main/compute/worker.ts", "./search/searchLoop.ts", null],
  ["src/main/compute/layers/x.ts", "@tensorflow/tfjs-core", null],
  ["src/main/compute/layers/x.ts", "#main/compute/kernels/kernels.ts", null],
  ["src/main/compute/layers/x.ts", "#main/compute/ops/opTable.ts", "under ops"],
  ["src/main/compute/ops/x.ts", "#main/compute/layers/conv.ts", null],
  ["src/main/compute/ops/x.ts", "#main/compute/supernet/supernet.ts", "under the supernet"],
  ["src/main/compute/supernet/x.ts", "#main/compute/network/network.ts", "through layers or ops"],
  ["src/main/compute/supernet/x.ts", "#main/compute/learning/x.ts", "through layers or ops"],
  ["src/main/compute/network/x.ts", "#main/compute/supernet/supernet.ts", "through layers or ops"],
  ["src/main/compute/network/x.ts", "#main/compute/train/trainLoop.ts", "through layers or ops"],
  ["src/main/compute/learning/x.ts", "#main/compute/network/network.ts", null],
  ["src/main/compute/learning/x.ts", "#main/compute/search/searchLoop.ts", "src/main/compute/search"],
  ["src/main/compute/job/x.ts", "#main/compute/learning/x.ts", null],
  ["src/main/compute/job/x.ts", "#main/compute/train/trainLoop.ts", "as functions"],
  ["src/main/compute/search/x.ts", "#main/compute/supernet/supernet.ts", null],
  ["src/main/compute/search/x.ts", "#main/compute/job/jobContext.ts", null],
  ["src/main/compute/train/x.ts", "#main/compute/denoise/denoiser.ts", null],
  ["src/main/compute/train/x.ts", "#main/compute/search/searchLoop.ts", "src/main/compute/learning"],
  ["src/main/compute/denoise/x.ts", "#main/compute/supernet/supernet.ts", "src/main/compute/learning"],
  ["src/main/compute/checkpoint/x.ts", "#main/compute/learning/x.ts", "by name"],
  ["src/main/compute/kernels/x.ts", "#main/compute/layers/conv.ts", "under layers"],
  ["src/main/compute/kernels/x.ts", "#main/compute/engine/engine.ts", "under layers"],
  ["src/main/compute/engine/x.ts", "#main/compute/layers/conv.ts", "gives kernels"],
  ["src/main/compute/engine/loadEngine.ts", "@tensorflow/tfjs-core", null],
  ["src/main/compute/engine/loadEngine.ts", "#main/engine/install/computeEnvironment.ts", null],
  ["src/main/engine/install/x.ts", "@tensorflow/tfjs-core", "loadEngine.ts"],
  ["src/main/engine/install/x.ts", "#main/compute/host.ts", "finds and installs"],
];

describe("import zones", () => {
  it.each(CASES.filter(([, , names]) => names === null))("let %s import %s", async (file, from) => {
    expect(await lint(`import { x } from "${from}";\n\nexport const y = x;\n`, file)).toEqual([]);
    expect(await lint(`export const y = await import("${from}");\n`, file)).toEqual([]);
  });

  it.each(CASES.filter(([, , names]) => names !== null))("keep %s from importing %s", async (file, from, names) => {
    const message = expect.stringContaining(names ?? "");
    expect(await lint(`import { x } from "${from}";\n\nexport const y = x;\n`, file)).toEqual([message]);
    expect(await lint(`export const y = await import("${from}");\n`, file)).toEqual([message]);
  });
});

describe("code rules", () => {
  it.each([
    ["export default 1;", "No default exports"],
    ['export * from "./photo.ts";', "No barrel files"],
    ['export { x } from "./photo.ts";', "No barrel files"],
    ["export const x: any = 1;", "any"],
    ["export const x = (y: string | null): string => y!;", "non-null"],
    ["// line\n".repeat(301), "301"],
    [`export function x(): void {\n${"  x();\n".repeat(60)}}\n`, "60"],
  ])("refuse %j", async (code, names) => {
    expect(await lint(code, "src/shared/image/x.ts")).toEqual([expect.stringContaining(names)]);
  });
});

describe("the rule against import cycles", () => {
  it("finds one by #aliases and .vue files, and lets a page that is loaded later have one", async () => {
    const folder = await mkdtemp(join(process.cwd(), "tests/tooling/cycle-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const place = `#tests/tooling/${basename(folder)}`;
    const files = {
      "one.ts": `import { two } from "./two.ts";\n\nexport const one = two;\n`,
      "two.ts": `import ThirdPart from "${place}/ThirdPart.vue";\n\nexport const two = ThirdPart;\n`,
      "ThirdPart.vue": `<script setup lang="ts">\nimport { one } from "${place}/one.ts";\n</script>\n\n<template>{{ one }}</template>\n`,
      "page.ts": `import { table } from "./table.ts";\n\nexport const page = table;\n`,
      "table.ts": `export const table = () => import("./page.ts");\n`,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const found = await Promise.all(
      Object.entries(files).map(
        async ([name, text]) => [name, await lint(text, join(folder, name), withCycles)] as const,
      ),
    );
    const cycle = [expect.stringMatching(/^Dependency cycle/)];
    expect(Object.fromEntries(found)).toEqual({
      "one.ts": cycle,
      "two.ts": cycle,
      "ThirdPart.vue": cycle,
      "page.ts": [],
      "table.ts": [],
    });
  });
});

/** Snippets are in no project, so the rules that need types are left out. */
const withCycles = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });
/** A snippet that takes the place of a real file may close a cycle, which is not what its case is about. */
const withoutCycles = new ESLint({
  overrideConfig: [tseslint.configs.disableTypeChecked, { files: ["src/**"], rules: { "import-x/no-cycle": "off" } }],
});

/** Lints a snippet as if it stood in the file. */
async function lint(code: string, filePath: string, eslint = withoutCycles): Promise<readonly string[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return result?.messages.map((message) => message.message) ?? ["nothing was linted"];
}
