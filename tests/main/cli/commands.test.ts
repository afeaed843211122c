import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";
import { describe, expect, it, onTestFinished } from "vitest";

import { createLab } from "#main/lab/lab.ts";
import { openStore } from "#main/store/openStore.ts";
import { createRunFolder } from "#main/store/runs/runFolder.ts";
import { toRunSummary } from "#main/store/runs/runSummary.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import type { Genotype } from "#shared/space/cells/genotype.ts";
import { networkCost } from "#shared/space/graph/costModel.ts";
import { buildNetworkGraph } from "#shared/space/spaces/spaces.ts";
import { planNetwork } from "#shared/space/spaces/networkPlan.ts";
import { searchSpaceSchema } from "#shared/space/spaces/searchSpace.ts";
import { supernetCost } from "#shared/space/spaces/widths/supernetParameters.ts";

import { openLab } from "#tests/helpers/labHome.ts";
import { buildCandidate, buildManifest, buildStatus } from "#tests/helpers/runFixtures.ts";

import { makeBench, type Bench } from "./bench.ts";

const GENOTYPE: Genotype = {
  schema: "hinas.genotype",
  version: 1,
  widthFactors: [1, 2],
  widthPath: [0, 1],
  cells: Array.from({ length: 2 }, () => ({
    nodes: [
      [
        { from: "s1", primitive: "conv_3x3" },
        { from: "s0", primitive: "skip_connect" },
      ],
    ],
  })),
};

async function makePhotos({ folder }: Bench, name: string, count: number): Promise<string> {
  await mkdir(join(folder, name));
  for (let i = 0; i < count; i += 1) {
    const picture = sharp({ create: { width: 32, height: 24, channels: 3, background: `rgb(${i},0,0)` } });
    await picture.png().toFile(join(folder, name, `${i}.png`));
  }
  return name;
}

describe("hinas data", () => {
  it("refuses an empty folder with exit code 3 and says what was expected", async () => {
    const bench = await makeBench();
    await mkdir(join(bench.folder, "empty"));
    const { code, stdout, stderr } = await bench.run(["data", "add", "empty"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toBe(
      `photos of ${join(bench.folder, "empty")}: expected PNG, TIFF, JPEG, WebP or AVIF photos, got an empty folder\n`,
    );
  });

  it("registers a folder, lists it, and notices when a photo changes", async () => {
    const bench = await makeBench();
    await makePhotos(bench, "mine", 3);
    expect((await bench.run(["data", "add", "mine"])).stdout).toContain("mine: 3 clean photos\n");
    expect((await bench.run(["data", "ls"])).stdout).toMatch(/^mine +3 {2}unchanged {2}/m);
    expect((await bench.run(["data", "verify", "mine"])).code).toBe(0);
    await sharp({ create: { width: 32, height: 24, channels: 3, background: "blue" } })
      .png()
      .toFile(join(bench.folder, "mine", "1.png"));
    const { code, stdout } = await bench.run(["data", "verify"]);
    expect(code).toBe(3);
    expect(stdout).toContain("changed since it was added");
  });

  it("names every file that it leaves out, on stderr", async () => {
    const bench = await makeBench();
    await makePhotos(bench, "mixed", 1);
    await writeFile(join(bench.folder, "mixed", "fake.jpg"), "just text");
    const { code, stdout, stderr } = await bench.run(["data", "add", "mixed", "--name", "some"]);
    expect(code).toBe(0);
    expect(stdout).toContain("some: 1 clean photos");
    expect(stderr).toMatch(/^1 left out:\n {2}.*fake\.jpg: /m);
  });

  it("tells on stderr how many photos it has looked at, unless quiet", async () => {
    const bench = await makeBench();
    await makePhotos(bench, "mine", 3);
    expect((await bench.run(["data", "add", "mine"])).stderr).toMatch(/^add: \d+ % {2}\d\/3 photos/);
    expect((await bench.run(["data", "verify"])).stderr).toMatch(/^verify mine: \d+ % {2}\d\/3 photos/);
    expect((await bench.run(["data", "verify", "mine", "--quiet"])).stderr).toBe("");
  });

  it("verifies every data set where one of them cannot be, and exits with 3", async () => {
    const bench = await makeBench();
    for (const name of ["a", "b", "c"]) await bench.run(["data", "add", await makePhotos(bench, name, 1)]);
    await rm(join(bench.folder, "b"), { recursive: true });
    const { code, stdout, stderr } = await bench.run(["data", "verify"]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^a: 1 clean photos$[^]*^c: 1 clean photos$/m);
    expect(stderr).toMatch(/^b: photos of /m);
    const { stdout: json } = await bench.run(["data", "verify", "--json"]);
    expect(JSON.parse(json)).toMatchObject([
      { name: "a", unchanged: true },
      { name: "b", error: expect.stringContaining("photos of") as string },
      { name: "c", unchanged: true },
    ]);
  });

  it("prints one JSON object with --json", async () => {
    const bench = await makeBench();
    await makePhotos(bench, "mine", 2);
    const { stdout } = await bench.run(["data", "add", "mine", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ name: "mine", photos: 2, skipped: [], unchanged: true });
  });
});

describe("hinas runs", () => {
  it("prints nothing on stdout in a new home and says what to do", async () => {
    const { run } = await makeBench();
    expect(await run(["runs", "ls"])).toEqual({
      code: 0,
      stdout: "",
      stderr: "No runs yet; `hinas demo` makes the first.\n",
    });
    expect(await run(["runs", "ls", "--quiet"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await run(["runs", "ls", "--json"])).toEqual({ code: 0, stdout: "[]\n", stderr: "" });
  });

  it.each([
    ["runs", "show", "01X"],
    ["runs", "stop", "01X"],
    ["runs", "rm", "01X", "--yes"],
    ["derive", "01X"],
    ["train", "01X"],
    ["search", "--resume", "01X"],
    ["eval", "01X"],
    ["denoise", "01X", "photo.png"],
  ])("%s %s says that there is no such run", async (...args) => {
    const { run } = await makeBench();
    expect(await run(args)).toEqual({
      code: 3,
      stdout: "",
      stderr: 'no run is named "01X", and none begins so; `hinas runs ls` lists all\n',
    });
  });
});

describe("hinas runs show --candidates", () => {
  it("lists the architectures that a run tried, as a table and as JSON", async () => {
    const { home, run } = await makeBench();
    const [manifest, status] = [buildManifest("01J00000000000000000000001"), buildStatus()];
    const { folder } = await createRunFolder(join(home, "runs"), manifest, status);
    const store = openStore(home);
    store.runs.put(toRunSummary(folder, manifest, status));
    const validated = { ...buildCandidate(30), psnrDb: 28.534, memoryBytesPerPixel: 312.4 };
    store.candidates.replaceFrom(manifest.id, 0, [...[10, 20].map(buildCandidate), validated]);
    store.close();
    const { stdout } = await run(["runs", "show", manifest.id, "--candidates"]);
    expect(stdout).toMatch(/^ +10 {2}0badf00d {2}0\.5100 +1\.23 k +1\.2 k$/m);
    expect(stdout).toMatch(/^ +30 {2}0badf00d {2}0\.5300 +28\.53 dB +1\.23 k +1\.2 k +312 MB\/MP$/m);
    const json = (await run(["runs", "show", manifest.id, "--candidates", "--json"])).stdout;
    expect(JSON.parse(json)).toMatchObject({
      id: manifest.id,
      candidates: [...[10, 20].map(buildCandidate), validated],
    });
  });
});

describe("--dry-run", () => {
  it("prints a search's settings, the supernet's cost and the photos, and makes no run", async () => {
    const bench = await makeBench();
    await makePhotos(bench, "mine", 4);
    const args = ["search", "--data", "./mine", "--set", "space.layers=2", "--dry-run", "--json"];
    const { code, stdout } = await bench.run(args);
    expect(code).toBe(0);
    const cost = supernetCost(searchSpaceSchema.parse({ layers: 2 }));
    expect(JSON.parse(stdout)).toMatchObject({ ...cost, photos: 4, settings: { space: { layers: 2 } } });
    expect((await bench.run(["runs", "ls", "--json"])).stdout).toBe("[]\n");
  });

  it("prints a training's settings and the network's cost as a settings file", async () => {
    const bench = await makeBench();
    await writeFile(join(bench.folder, "found.json"), JSON.stringify(GENOTYPE));
    const { code, stdout } = await bench.run(["train", "found.json", "--steps", "5", "--dry-run"]);
    expect(code).toBe(0);
    const { parameters } = networkCost(buildNetworkGraph(planNetwork(GENOTYPE)));
    expect(stdout).toContain(`# parameters: ${parameters} (`);
    expect(stdout).toContain("# photos: 64\n");
    await writeFile(join(bench.folder, "again.yaml"), stdout);
    expect((await bench.run(["config", "check", "again.yaml"])).code).toBe(0);
  });
});

describe("hinas train with an architecture of the library", () => {
  it("takes it by its hash, and refuses an epoch beside it", async () => {
    const bench = await makeBench();
    const lab = createLab({ home: bench.home, log: () => undefined });
    onTestFinished(() => lab.close());
    const text = JSON.stringify(GENOTYPE);
    const { hash } = await lab.importArchitecture({ text, source: "found.json", name: null });
    const { code, stdout } = await bench.run(["train", hash, "--steps", "5", "--dry-run"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`# parameters: ${networkCost(buildNetworkGraph(planNetwork(GENOTYPE))).parameters} (`);
    expect((await bench.run(["train", hash, "--epoch", "3"])).stderr).toBe(
      `--epoch goes with a search run, got the architecture ${hash}\n`,
    );
  });
});

describe("hinas train with a search run", () => {
  it("takes over the frame that the search had, says so, and yields to what is set otherwise", async () => {
    const bench = await makeBench();
    await makePhotos(bench, "mine", 4);
    const { lab } = openLab(bench.home);
    const space = { imageChannels: 3, noiseMap: true, unshuffle: 2 } as const;
    const { id } = await lab.startSearch(
      searchConfigSchema.parse({ data: { dataset: join(bench.folder, "mine") }, space }),
    );
    await lab.waitForRun(id);
    const train = (...more: readonly string[]) => bench.run(["train", id, "--dry-run", "--steps", "5", ...more]);
    const { stdout, stderr } = await train("--json");
    expect(JSON.parse(stdout)).toMatchObject({ settings: { network: { ...space, stemChannels: 64 } } });
    expect(stderr).toContain(
      `From search ${id}: network.imageChannels=3, network.noiseMap=true, network.unshuffle=2\n`,
    );
    const changed = (await train("--set", "network.noiseMap=false")).stdout;
    expect(changed).toContain(`  imageChannels: 3 # search ${id}\n`);
    expect(changed).toContain("  noiseMap: false # --set network.noiseMap=false\n");
    await writeFile(join(bench.folder, "grey.yaml"), "network: {imageChannels: 1}\n");
    expect((await train("--config", "grey.yaml")).stdout).toContain("  imageChannels: 1 # grey.yaml line 1\n");
  });
});

describe("hinas train with a bad genotype file", () => {
  it.each([
    ["not JSON", "steps: 3", "must be JSON"],
    ["of a newer version", JSON.stringify({ ...GENOTYPE, version: 2 }), "version"],
    ["with an edge from nowhere", JSON.stringify(GENOTYPE).replaceAll('"s1"', '"node_7"'), "node_7"],
  ])("refuses one that is %s with exit code 3", async (_, text, message) => {
    const bench = await makeBench();
    await writeFile(join(bench.folder, "bad.json"), text);
    const { code, stdout, stderr } = await bench.run(["train", "bad.json"]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).toContain("bad.json");
  });

  it("refuses an epoch beside a file", async () => {
    const bench = await makeBench();
    await writeFile(join(bench.folder, "found.json"), JSON.stringify(GENOTYPE));
    expect((await bench.run(["train", "found.json", "--epoch", "3"])).stderr).toBe(
      "--epoch goes with a search run, got the genotype file found.json\n",
    );
  });
});

describe("hinas demo", () => {
  it("refuses a folder that has no photo to hold out", async () => {
    const bench = await makeBench();
    await makePhotos(bench, "few", 3);
    const { code, stderr } = await bench.run(["demo", "--data", "few"]);
    expect(code).toBe(3);
    expect(stderr).toContain("a demo needs at least 4 usable photos, got 3");
  });
});

describe("hinas store rebuild", () => {
  it("makes a database where there are no runs", async () => {
    const { run } = await makeBench();
    expect(await run(["store", "rebuild"])).toEqual({ code: 0, stdout: "0 runs found again.\n", stderr: "" });
  });
});
