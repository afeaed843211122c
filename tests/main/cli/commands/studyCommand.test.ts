import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { makeBench } from "#tests/main/cli/bench.ts";

const STUDY = `
name: which
seeds: 2
base: { space: { layers: 1, nodes: 1 } }
axes:
  budget:
    short: { search: { epochs: 1, warmupEpochs: 0 } }
    long: { search: { epochs: 2, warmupEpochs: 0 } }
`;

describe("hinas study", () => {
  it("says what a study would do, and makes nothing, with --dry-run", async () => {
    const bench = await makeBench();
    await writeFile(join(bench.folder, "study.yaml"), STUDY);
    const { code, stdout } = await bench.run(["study", "study.yaml", "--dry-run"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^which: 2 arms, 2 seeds, 4 cells\n {2}short\n {2}long\none after the other: about \d+ s on two usual cores/,
    );
    expect((await bench.run(["studies", "ls", "--json"])).stdout).toBe("[]\n");
  });

  it("starts what takes more than a day only where that is agreed to, and says how long it takes", async () => {
    const bench = await makeBench();
    await writeFile(join(bench.folder, "long.yaml"), STUDY.replaceAll("epochs: 2", "epochs: 2000000"));
    const { code, stderr } = await bench.run(["study", "long.yaml"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /It will take about \d+ d \d\d h on two usual cores.*study: this takes more than a day.*--yes/s,
    );
    const tonight = await bench.run(["tonight", "--data", "sample", "--preset", "published"]);
    expect(tonight).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("nobody is there to ask; --yes starts it"),
    });
    expect((await bench.run(["studies", "ls", "--json"])).stdout).toBe("[]\n");
  });

  it("says where cells would be worked on, and refuses places that cannot be", async () => {
    const bench = await makeBench();
    await writeFile(join(bench.folder, "study.yaml"), STUDY);
    const profile = "schema: hinas.site\nversion: 1\nkind: ssh\nhost: desk\nfolder: /scratch/me\nhinas: hinas\n";
    await writeFile(join(bench.folder, "desk.yaml"), profile);
    await bench.run(["sites", "add", "desk", "desk.yaml"]);
    const on = (...places: string[]) =>
      bench.run(["study", "study.yaml", "--dry-run", ...places.flatMap((place) => ["--on", place])]);
    expect((await on("desk:8", "here")).stdout).toContain("on desk (8 at once) and here\n");
    expect(await on("dsk")).toMatchObject({ code: 3, stderr: expect.stringContaining("did you mean desk?") });
    for (const [places, words] of [
      [["desk:0"], "SITE:JOBS with 1 to 200 jobs, got desk:0"],
      [["here:3"], "here does as many runs at once as"],
      [["desk", "desk:2"], "desk must be named once"],
    ] as const) {
      expect(await on(...places)).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
    }
  });

  it("names the nearest axis, line and file of one that there is not, with exit code 3", async () => {
    const bench = await makeBench();
    await writeFile(join(bench.folder, "study.yaml"), STUDY.replace("  budget", "  buget"));
    const { code, stderr } = await bench.run(["study", "study.yaml"]);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: "config: study.yaml line 6: unknown axis buget; did you mean budget?\n",
    });
  });

  it("refuses zero seeds and what is no YAML before anything runs", async () => {
    const bench = await makeBench();
    await writeFile(join(bench.folder, "none.yaml"), STUDY.replace("seeds: 2", "seeds: 0"));
    expect(await bench.run(["study", "none.yaml"])).toMatchObject({
      code: 3,
      stderr: "config: none.yaml line 3: seeds must be at least 1, got 0\n",
    });
    await writeFile(join(bench.folder, "photo.yaml"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x00]));
    const { code, stderr } = await bench.run(["study", "photo.yaml"]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^config: photo\.yaml/);
    expect(await bench.run(["study", "nowhere.yaml"])).toMatchObject({ code: 3 });
  });

  it("says that no study begins so", async () => {
    const bench = await makeBench();
    const { code, stderr } = await bench.run(["studies", "show", "none"]);
    expect(code).toBe(3);
    expect(stderr).toContain('no study is named "none"');
  });
});
