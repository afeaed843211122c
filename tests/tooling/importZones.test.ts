import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, it } from "vitest";

/** A file, what it imports, and what the message must name; null where the import is allowed. */
const CASES: readonly (readonly [file: string, from: string, names: string | null])[] = [
  ["src/shared/space/x.ts", "zod", null],
  ["src/shared/space/x.ts", "./genotype.ts", null],
  ["src/shared/space/x.ts", "#shared/image/photo.ts", null],
  ["src/shared/space/x.ts", "node:fs", "runs anywhere"],
  ["src/shared/space/x.ts", "vue", "runs anywhere"],
  ["src/shared/space/x.ts", "#main/lab/lab.ts", "runs anywhere"],
  ["src/shared/space/x.ts", "../image/photo.ts", "#shared/"],
  ["src/renderer/x.ts", "vue", null],
  ["src/renderer/x.ts", "#shared/api/lab.ts", null],
  ["src/renderer/x.ts", "#main/lab/lab.ts", "#shared/api"],
  ["src/renderer/x.ts", "node:fs", "#shared/api"],
  ["src/renderer/x.ts", "electron", "src/main/shell"],
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
  ["src/main/store/x.ts", "#main/files/writeFileAtomically.ts", null],
  ["src/main/store/x.ts", "#main/lab/lab.ts", "src/main/lab calls them"],
  ["src/main/photos/x.ts", "#main/compute/host.ts", "src/main/lab calls them"],
  ["src/main/files/x.ts", "#main/store/openStore.ts", "lowest layer"],
  ["src/main/compute/host.ts", "#main/lab/lab.ts", "src/main/lab"],
  ["src/main/compute/layers/x.ts", "@tensorflow/tfjs-core", null],
  ["src/main/compute/layers/x.ts", "#main/compute/kernels/kernels.ts", null],
  ["src/main/compute/layers/x.ts", "#main/compute/ops/opTable.ts", "under ops"],
  ["src/main/compute/ops/x.ts", "#main/compute/layers/conv.ts", null],
  ["src/main/compute/ops/x.ts", "#main/compute/supernet/supernet.ts", "under the supernet"],
  ["src/main/compute/supernet/x.ts", "#main/compute/network/network.ts", "through layers or ops"],
  ["src/main/compute/network/x.ts", "#main/compute/supernet/supernet.ts", "through layers or ops"],
  ["src/main/compute/network/x.ts", "#main/compute/train/trainLoop.ts", "through layers or ops"],
  ["src/main/compute/search/x.ts", "#main/compute/supernet/supernet.ts", null],
  ["src/main/compute/kernels/x.ts", "#main/compute/layers/conv.ts", "under layers"],
  ["src/main/engine/install/x.ts", "@tensorflow/tfjs", "loadEngine.ts"],
  ["src/main/compute/engine/loadEngine.ts", "@tensorflow/tfjs", null],
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

/** Lints a snippet as if it stood in the file. Snippets are in no project, so the rules that need types are left out. */
async function lint(code: string, filePath: string): Promise<readonly string[]> {
  const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });
  const [result] = await eslint.lintText(code, { filePath });
  return result?.messages.map((message) => message.message) ?? ["nothing was linted"];
}
