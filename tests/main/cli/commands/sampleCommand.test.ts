import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { parseAnyGenotype } from "#shared/space/spaces/spaces.ts";

import { makeBench } from "#tests/main/cli/bench.ts";

describe("hinas sample", () => {
  it("writes genotype files that a training takes, with drawings, the same for the same seed", async () => {
    const { run, folder } = await makeBench();
    const args = ["sample", "chain", "--count", "3", "--seed", "7", "--set", "layers=4", "--out"];
    const first = await run([...args, "first"]);
    expect({ code: first.code, stderr: first.stderr }).toEqual({
      code: 0,
      stderr: "The space has 63,772,920 architectures.\n",
    });
    await run([...args, "second"]);
    const files = await readdir(join(folder, "first"));
    expect(files.filter((name) => /^genotype-[0-9a-f]{8}\.json$/.test(name))).toHaveLength(3);
    expect(files.filter((name) => name.endsWith(".svg"))).toHaveLength(3);
    expect(await readdir(join(folder, "second"))).toEqual(files);
    for (const name of files.filter((each) => each.endsWith(".json"))) {
      const value: unknown = JSON.parse(await readFile(join(folder, "first", name), "utf8"));
      expect(parseAnyGenotype(value, name)).toMatchObject({ schema: "hinas.chain" });
      const dry = await run(["train", join(folder, "first", name), "--dry-run"]);
      expect(dry).toMatchObject({ code: 0 });
    }
    expect(first.stdout).toContain("layer 3: ");
  });

  it("names each setting that the space does not take", async () => {
    const { run } = await makeBench();
    const { code, stderr } = await run(["sample", "chain", "--set", "layers=0", "--set", "colour=3"]);
    expect(code).toBe(3);
    expect(stderr).toContain("--set layers: layers must be at least 1, got 0");
    expect(stderr).toContain("--set colour: colour is an unknown key");
  });

  it("names the spaces there are", async () => {
    const { run } = await makeBench();
    const { code, stderr } = await run(["sample", "chains"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Allowed choices are chain, motifs, resolutions");
  });
});
