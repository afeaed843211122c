import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

import { describe, expect, it, onTestFinished } from "vitest";

import { packZip } from "#main/files/zip.ts";
import { downloadFile } from "#main/lab/datasets/downloadFile.ts";
import { type KnownSet, PUBLIC_SETS } from "#main/lab/datasets/publicSets.ts";
import { createLab } from "#main/lab/lab.ts";
import type { Lab } from "#shared/api/lab.ts";

import { makeFolder, SCRIPTED_WORKER, writePhotos } from "#tests/helpers/labHome.ts";
import { packTar } from "#tests/helpers/packTar.ts";

interface Server {
  readonly address: string;
  /** What lies there, by its name. */
  readonly files: Map<string, Buffer>;
  /** After so many bytes of a file the server sends no more, once. */
  readonly halts: Map<string, number>;
  /** The answers that were halted. */
  readonly halted: ServerResponse[];
  /** What was asked for: a name, and the range where there was one. */
  readonly asked: string[];
}

async function serve(): Promise<Server> {
  const files = new Map<string, Buffer>();
  const halts = new Map<string, number>();
  const halted: ServerResponse[] = [];
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = basename(request.url ?? "");
    const { range } = request.headers;
    asked.push(range === undefined ? name : `${name} ${range}`);
    const bytes = files.get(name);
    if (bytes === undefined) return void response.writeHead(404).end("no such file");
    const etag = `"${sha256(bytes).slice(0, 8)}"`;
    const isRest = range !== undefined && request.headers["if-range"] === etag;
    const begin = isRest ? Number(/^bytes=(\d+)-$/.exec(range)?.[1]) : 0;
    const part = bytes.subarray(begin);
    const contentRange = isRest ? { "content-range": `bytes ${begin}-${bytes.length - 1}/${bytes.length}` } : {};
    response.writeHead(isRest ? 206 : 200, { etag, "content-length": part.length, ...contentRange });
    const halt = halts.get(name);
    halts.delete(name);
    if (halt === undefined) return void response.end(part);
    response.write(part.subarray(0, halt));
    halted.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, files, halts, halted, asked };
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Some small photos by the names that they have in an archive. */
async function makePhotos(inside: string, count = 4): Promise<Record<string, Buffer>> {
  const folder = await writePhotos(await makeFolder(), count, 16);
  const names = await readdir(folder);
  const read = async (name: string) => [`${inside}/${name}`, await readFile(join(folder, name))] as const;
  return Object.fromEntries(await Promise.all(names.map(read)));
}

function toSet(source: KnownSet["source"], checksum: string | null = null): KnownSet {
  const words = { use: "tests", licence: "none", page: "http://127.0.0.1/" };
  return { name: "Small", photos: 4, megabytes: 1, ...words, source, sha256: checksum };
}

async function openWith(set: KnownSet): Promise<{ readonly lab: Lab; readonly home: string }> {
  const home = await makeFolder();
  const lab = createLab({ home, log: () => undefined, computeEntry: SCRIPTED_WORKER, publicSets: [set] });
  onTestFinished(() => lab.close());
  return { lab, home };
}

const first = { name: "small", again: false };
const again = { name: "Small", again: true };

describe("fetching a public set", () => {
  it("downloads and unpacks the photos of a .tgz, adds them, and keeps the checksum that nothing could be compared with", async () => {
    const { address, files } = await serve();
    const long = `top/images/${"long-".repeat(30)}name.png`;
    const photos = await makePhotos("top/images");
    const [one = Buffer.alloc(0)] = Object.values(photos);
    const archive = gzipSync(packTar({ "top/readme.txt": Buffer.from("hello"), ...photos, [long]: one }));
    files.set("small.tgz", archive);
    const source = { kind: "archive", address: `${address}/small.tgz`, inside: "top/images" } as const;
    const { lab, home } = await openWith(toSet(source));
    expect(await lab.listPublicSets()).toMatchObject([{ name: "Small", isHere: false }]);
    const shares: number[] = [];
    const report = await lab.fetchDataset(first, ({ share }) => shares.push(share));
    expect(report).toMatchObject({
      name: "Small",
      photos: 5,
      unchanged: true,
      download: { address: source.address, sha256: sha256(archive), isCompared: false },
    });
    expect(shares).toContain(1);
    expect(await readdir(join(home, "public-sets"))).toEqual(["Small"]);
    expect(await readFile(join(report.folder, basename(long)))).toEqual(one);
    expect(await lab.listPublicSets()).toMatchObject([{ isHere: true }]);
    await expect(lab.fetchDataset(first)).rejects.toMatchObject({ kind: "bad_config" });
    // What is known of the download outlives another name.
    expect(await lab.renameDataset("Small", "mine")).toMatchObject({ download: { sha256: sha256(archive) } });
  });

  it("does so in the background, for a .zip", async () => {
    const { address, files } = await serve();
    const entries = Object.entries(await makePhotos("images")).map(([path, content]) => ({ path, content }));
    files.set("small.zip", packZip(entries));
    const { lab } = await openWith(toSet({ kind: "archive", address: `${address}/small.zip`, inside: "images" }));
    const { id } = await lab.startFetch(first);
    await expect
      .poll(async () => (await lab.listTasks()).find((task) => task.id === id)?.state, { timeout: 60_000 })
      .toBe("finished");
    expect(await lab.listDatasets()).toMatchObject([{ name: "Small", photos: 4 }]);
  });

  it("compares a later download with the first one, and changes nothing where another came", async () => {
    const { address, files } = await serve();
    const photos = Object.values(await makePhotos("images"));
    const names = ["1.png", "2.png", "3.png", "4.png"];
    for (const [index, name] of names.entries()) files.set(name, photos[index] ?? Buffer.alloc(0));
    const addresses = names.map((name) => `${address}/${name}`);
    const { lab, home } = await openWith(toSet({ kind: "files", addresses }));
    const { download, fingerprint } = await lab.fetchDataset(first);
    const list = names.map((name, index) => `${sha256(photos[index] ?? Buffer.alloc(0))}  ${name}\n`).join("");
    expect(download).toMatchObject({ sha256: sha256(Buffer.from(list)), isCompared: false });
    expect(await lab.fetchDataset(again)).toMatchObject({ fingerprint, download: { isCompared: true } });
    files.set("2.png", photos[0] ?? Buffer.alloc(0));
    await expect(lab.fetchDataset(again)).rejects.toMatchObject({
      kind: "bad_data",
      message: expect.stringContaining(`must have the SHA-256 ${download?.sha256}, as when it was first downloaded`),
    });
    expect(await lab.verifyDataset("Small")).toMatchObject({ fingerprint, unchanged: true });
    // A copy of the home has photos of its own, and goes on without the first.
    const target = join(await makeFolder(), "there");
    expect(await lab.copyHome(target)).toEqual({ target, outside: [] });
    await lab.close();
    await rm(home, { recursive: true });
    const copy = createLab({ home: target, log: () => undefined, computeEntry: SCRIPTED_WORKER });
    onTestFinished(() => copy.close());
    const folder = join(target, "public-sets", "Small");
    expect(await copy.listDatasets()).toMatchObject([{ name: "Small", folder, isMissing: false, unchanged: true }]);
  });

  it("refuses what is not what its publishers say", async () => {
    const { address, files } = await serve();
    files.set("small.tgz", gzipSync(packTar(await makePhotos("images"))));
    const source = { kind: "archive", address: `${address}/small.tgz`, inside: "images" } as const;
    const { lab, home } = await openWith(toSet(source, "0".repeat(64)));
    await expect(lab.fetchDataset(first)).rejects.toMatchObject({
      kind: "bad_data",
      message: expect.stringContaining("as its publishers say"),
    });
    expect(await readdir(join(home, "public-sets"))).toEqual([]);
    expect(await lab.listDatasets()).toEqual([]);
  });

  it.each(["../outside.png", "/tmp/outside.png", "images/../../outside.png"])(
    "unpacks nothing of an archive with %s in it",
    async (name) => {
      const { address, files } = await serve();
      files.set("small.tgz", gzipSync(packTar({ ...(await makePhotos("images")), [name]: Buffer.from("evil") })));
      const source = { kind: "archive", address: `${address}/small.tgz`, inside: "images" } as const;
      const { lab, home } = await openWith(toSet(source));
      await expect(lab.fetchDataset(first)).rejects.toMatchObject({
        kind: "bad_data",
        message: expect.stringContaining(JSON.stringify(name)),
      });
      const left = await readdir(join(home, "public-sets"), { recursive: true });
      expect(left.filter((each) => each.endsWith(".png"))).toEqual([]);
      expect(existsSync(join(home, "outside.png"))).toBe(false);
      expect(await lab.listDatasets()).toEqual([]);
    },
  );

  it("refuses an archive of much more than it says, and one that is damaged", async () => {
    const { address, files } = await serve();
    const source = { kind: "archive", address: `${address}/small.tgz`, inside: "images" } as const;
    const { lab } = await openWith(toSet(source));
    files.set("small.tgz", gzipSync(packTar({ "images/bomb.png": Buffer.alloc(11_000_000) })));
    await expect(lab.fetchDataset(first)).rejects.toMatchObject({ message: expect.stringContaining("at most") });
    files.set("small.tgz", gzipSync(packTar(await makePhotos("images"))).subarray(0, 300));
    await expect(lab.fetchDataset(first)).rejects.toMatchObject({ kind: "bad_data" });
    files.set("small.tgz", Buffer.alloc(3_000_000));
    await expect(lab.fetchDataset(first)).rejects.toMatchObject({
      message: expect.stringContaining("bytes, got 3000000"),
    });
  });

  it("says in a sentence that the file is not there, that nobody answers, and that there is no such set", async () => {
    const { address } = await serve();
    const { lab } = await openWith(toSet({ kind: "files", addresses: [`${address}/gone.png`] }));
    await expect(lab.fetchDataset(first)).rejects.toMatchObject({
      kind: "not_found",
      message: expect.stringContaining("the server answers 404"),
    });
    await expect(lab.fetchDataset({ name: "Smal", again: false })).rejects.toMatchObject({
      kind: "not_found",
      message: expect.stringContaining("did you mean Small?"),
    });
    const target = join(await makeFolder(), "file");
    const options = { signal: new AbortController().signal, mostBytes: 1_000, pauseMs: 1 };
    // Nobody listens on port 1.
    await expect(downloadFile("http://127.0.0.1:1/file", target, options)).rejects.toMatchObject({
      kind: "site",
      message: expect.stringContaining("could not be had from 127.0.0.1:1"),
    });
  });
});

describe("a download whose line is cut", () => {
  const options = { signal: new AbortController().signal, mostBytes: 1_000_000, pauseMs: 1 };

  /** Resolves once so many bytes lie on the disk. */
  const whenBytes = (target: string, bytes: number) =>
    expect
      .poll(
        async () =>
          stat(`${target}.part`).then(
            ({ size }) => size,
            () => 0,
          ),
        { timeout: 30_000 },
      )
      .toBe(bytes);

  it("goes on where it was", async () => {
    const { address, files, halts, halted, asked } = await serve();
    const bytes = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251));
    files.set("file", bytes);
    halts.set("file", 2_000);
    const target = join(await makeFolder(), "file");
    const done = downloadFile(`${address}/file`, target, options);
    await whenBytes(target, 2_000);
    for (const response of halted) response.destroy();
    await done;
    expect(await readFile(target)).toEqual(bytes);
    expect(asked).toEqual(["file", "file bytes=2000-"]);
    expect(await readdir(join(target, ".."))).toEqual(["file"]);
  });

  it("begins anew where the server has another file since", async () => {
    const { address, files, halts, asked } = await serve();
    files.set("file", Buffer.alloc(5_000, 1));
    halts.set("file", 2_000);
    const target = join(await makeFolder(), "file");
    const stop = new AbortController();
    const stopped = downloadFile(`${address}/file`, target, { ...options, signal: stop.signal });
    const refused = expect(stopped).rejects.toThrow("stopped");
    await whenBytes(target, 2_000);
    stop.abort(new Error("stopped"));
    await refused;
    const changed = Buffer.alloc(4_000, 2);
    files.set("file", changed);
    await downloadFile(`${address}/file`, target, options);
    expect(await readFile(target)).toEqual(changed);
    expect(asked.length).toBe(2);
  });
});

describe("the table of public sets", () => {
  it("names each once, has an address for each photo of sets of single files, and makes up no checksum", () => {
    expect(new Set(PUBLIC_SETS.map(({ name }) => name)).size).toBe(PUBLIC_SETS.length);
    for (const { source, photos, sha256: checksum } of PUBLIC_SETS) {
      if (source.kind === "files") expect(new Set(source.addresses).size).toBe(photos);
      expect(checksum).toBeNull();
    }
  });
});
