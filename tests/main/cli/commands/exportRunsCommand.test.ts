import { cp, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { describe, expect, it } from "vitest";

import { makeBench } from "#tests/main/cli/bench.ts";

describe("hinas runs export", () => {
  it("writes an event file of each run into a folder of its own, and says where", async () => {
    const { run, home, folder } = await makeBench();
    await cp("tests/main/store/home-of-0.1.0", home, { recursive: true });
    const { code, stdout } = await run(["runs", "export", "--all", "--json"]);
    const written = JSON.parse(stdout) as { run: string; file: string; figures: number }[];
    expect({ code, runs: written.length }).toEqual({ code: 0, runs: 2 });
    expect(new Set(written.map(({ file }) => dirname(file))).size).toBe(2);
    for (const { file, figures } of written) {
      expect(file.startsWith(join(folder, "tensorboard"))).toBe(true);
      expect(figures).toBeGreaterThan(0);
      expect((await readFile(file)).includes("loss/training")).toBe(true);
    }
    expect((await run(["runs", "export", written[0]!.run])).stdout).toBe(`${written[0]!.file}\n`);
  });

  it.each([[["runs", "export"]], [["runs", "export", "RUN", "--all"]]])("refuses %j", async (args) => {
    const { run } = await makeBench();
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain("error: give either runs or --all");
  });
});
