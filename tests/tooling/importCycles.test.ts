import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

import { cruise, type ICruiseResult } from "dependency-cruiser";
import { describe, expect, it, onTestFinished } from "vitest";

/** ESLint's rule passes over imports of types only; ideas should not go round in circles either. */
async function findCycles(folder: string): Promise<readonly string[]> {
  const { output } = await cruise([folder], {
    validate: true,
    ruleSet: {
      forbidden: [
        {
          name: "no-cycle",
          severity: "error",
          from: {},
          // A page that the router loads later may link to others by the router's table.
          to: { circular: true, viaOnly: { dependencyTypesNot: ["dynamic-import"] } },
        },
      ],
    },
    tsPreCompilationDeps: true,
    exclude: { path: "node_modules" },
  });
  const { violations } = (output as ICruiseResult).summary;
  return violations.map(({ from, cycle = [] }) => [from, ...cycle.map(({ name }) => name)].join(" > "));
}

describe("imports", () => {
  it("go round in no circle, not even by types", async () => {
    expect(await findCycles("src")).toEqual([]);
  });

  it("are seen to do so by #aliases, types and .vue files", async () => {
    const folder = await mkdtemp("tests/tooling/cycle-");
    onTestFinished(() => rm(folder, { recursive: true }));
    const place = `#tests/tooling/${basename(folder)}`;
    const files = {
      "one.ts": `import type { Two } from "./two.ts";\n\nexport type One = Two;\n`,
      "two.ts": `import Part from "${place}/ThirdPart.vue";\n\nexport type Two = typeof Part;\n`,
      "ThirdPart.vue": `<script setup lang="ts">\nimport type { One } from "${place}/one.ts";\n\ndefineProps<{ one: One }>();\n</script>\n`,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const cycles = await findCycles(folder);
    expect(cycles).toHaveLength(1);
    for (const name of Object.keys(files)) expect(cycles[0]).toContain(name);
  });
});
