import { once } from "node:events";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";

import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { serveLab } from "#main/server/serveLab.ts";
import { toPicturePath, toUploadPath } from "#shared/api/pictures.ts";
import { CLOSE_CODES } from "#shared/api/wire.ts";

import { searchConfigSchema } from "#shared/runs/config.ts";

import { makeFolder, openLab, writePhotos } from "#tests/helpers/labHome.ts";
import { connectWindow, makeRenderer, openServer, openSocket } from "#tests/helpers/labServer.ts";
import { TINY_GENOTYPE } from "#tests/helpers/runFixtures.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

/** Asks by a path that no URL parser has touched, with headers that no browser lets a page set. */
async function ask(port: number, path: string, headers: Record<string, string> = {}, method = "GET") {
  const sent = request({ host: "127.0.0.1", port, path, method, headers });
  sent.end();
  const [response] = (await once(sent, "response")) as [import("node:http").IncomingMessage];
  let body = "";
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, body, headers: response.headers };
}

async function closeCodeOf(socket: import("ws").WebSocket): Promise<number> {
  const [code] = (await once(socket, "close")) as [number];
  return code;
}

describe("the door of a server", () => {
  it("lets a window in by the token of its address", async () => {
    const { server } = await openServer(await makeFolder());
    expect(new URL(server.url).searchParams.get("token")).toBe(server.token);
    const { lab } = await connectWindow(server);
    expect(await lab.listRuns()).toEqual([]);
  });

  it.each(["wrong", "", "ü"])("closes on the token %j and answers nothing", async (token) => {
    const { server } = await openServer(await makeFolder());
    const socket = openSocket(server);
    await once(socket, "open");
    const answers: unknown[] = [];
    socket.on("message", (data) => answers.push(data));
    socket.send(JSON.stringify({ token }));
    socket.send(JSON.stringify({ t: "q", i: "1", m: "listRuns", a: [] }));
    expect(await closeCodeOf(socket)).toBe(CLOSE_CODES.wrongToken);
    expect(answers).toEqual([]);
  });

  it.each(["not JSON", '{"token":7}', '{"t":"q","i":"1","m":"listRuns","a":[]}'])(
    "closes on the greeting %s",
    async (greeting) => {
      const { server } = await openServer(await makeFolder());
      const socket = openSocket(server);
      await once(socket, "open");
      socket.send(greeting);
      expect(await closeCodeOf(socket)).toBe(CLOSE_CODES.wrongToken);
    },
  );

  it.each([
    ["a page of another site", { Origin: "https://evil.example" }],
    ["a page of another port", { Origin: "http://127.0.0.1:1" }],
    ["a page of another name for this server", { Origin: "http://localhost:1" }],
    ["a page without a site", { Origin: "null" }],
    ["a name that is rebound to this server", { Host: "evil.example" }],
    ["an address that is not this computer's own", { Host: "192.168.1.7" }],
  ])("refuses %s, for sockets and for pages", async (_title, headers) => {
    const { server } = await openServer(await makeFolder());
    const socket = openSocket(server, headers);
    const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(403);
    expect((await ask(server.port, "/", headers)).status).toBe(403);
  });

  it("lets its own pages in by any name that a tunnel may give it", async () => {
    const { server } = await openServer(await makeFolder());
    for (const host of [`127.0.0.1:${server.port}`, "localhost:9999", "[::1]:80"]) {
      const { status } = await ask(server.port, "/", { Host: host, Origin: `http://${host}` });
      expect(status).toBe(200);
    }
  });

  it("connects windows at one path only", async () => {
    const { server } = await openServer(await makeFolder());
    const answer = await ask(server.port, "/other", { Connection: "Upgrade", Upgrade: "websocket" });
    expect(answer.status).toBe(403);
  });
});

describe("a window's messages", () => {
  it.each(["{", "[]", '{"t":"q"}', '{"t":"x"}', "null"])("end the connection where one is %s", async (message) => {
    const { server } = await openServer(await makeFolder());
    const { socket } = await connectWindow(server);
    socket.send(message);
    expect(await closeCodeOf(socket)).toBe(CLOSE_CODES.malformed);
  });

  it("are answered only where the contract names them", async () => {
    const { server } = await openServer(await makeFolder());
    const { lab } = await connectWindow(server);
    const anything = lab as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    for (const name of ["close", "addDataset", "constructor", "toString", "__proto__", "hasOwnProperty"]) {
      await expect(anything[name]?.("x")).rejects.toThrow("not found");
    }
  });

  it("are refused with place, expectation and value where an argument is wrong", async () => {
    const { server } = await openServer(await makeFolder());
    const { lab } = await connectWindow(server);
    await expect(lab.startSearch({ search: { epochs: 0 } })).rejects.toMatchObject({
      kind: "bad_config",
      message: "startSearch: search.epochs must be more than 0, got 0",
    });
    await expect(lab.derive("", -1)).rejects.toMatchObject({ kind: "bad_config" });
    const odd = lab.listRuns as (...args: unknown[]) => Promise<unknown>;
    await expect(odd(1)).rejects.toMatchObject({ message: "listRuns: must get 0 arguments, got 1" });
  });
});

describe("pages and pictures", () => {
  it("come with headers that keep everything foreign out", async () => {
    const { server } = await openServer(await makeFolder());
    const page = await ask(server.port, "/");
    expect(page).toMatchObject({ status: 200, body: "<title>HiNAS Lab</title>" });
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'; script-src 'self';");
    expect(page.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    });
    const script = await ask(server.port, "/assets/main-1a2b.js");
    expect(script.headers).toMatchObject({ "content-type": "text/javascript; charset=utf-8" });
    expect(script.headers["cache-control"]).toContain("immutable");
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/link.txt",
    "/assets",
    "/%",
    "/no",
  ])("show nothing at %s", async (path) => {
    const outer = await makeFolder();
    await writeFile(join(outer, "secret.txt"), "secret");
    const rendererFolder = join(outer, "renderer");
    await mkdir(join(rendererFolder, "assets"), { recursive: true });
    await writeFile(join(rendererFolder, "index.html"), "");
    await symlink(join(outer, "secret.txt"), join(rendererFolder, "link.txt"));
    const { server } = await openServer(await makeFolder(), { rendererFolder });
    const { status, body } = await ask(server.port, path);
    expect(status).toBe(404);
    expect(body).not.toContain("secret");
  });

  it("need the token, and are not sent again where they have not changed", async () => {
    const { server } = await openServer(await makeFolder());
    const wish = { kind: "photo", dataset: "sample", photo: "sample-001", maxSidePx: 32 } as const;
    expect((await ask(server.port, toPicturePath(wish, null))).status).toBe(401);
    expect((await ask(server.port, toPicturePath(wish, "wrong"))).status).toBe(401);
    const picture = await fetch(`http://127.0.0.1:${server.port}${toPicturePath(wish, server.token)}`);
    expect(await sharp(await picture.arrayBuffer()).metadata()).toMatchObject({ format: "png", width: 32, height: 32 });
    const tag = picture.headers.get("ETag") ?? "";
    const again = await ask(server.port, toPicturePath(wish, server.token), { "If-None-Match": tag });
    expect(again).toMatchObject({ status: 304, body: "" });
  });

  it("say what is wrong with a reference", async () => {
    const { server } = await openServer(await makeFolder());
    const unknown = { kind: "photo", dataset: "kittens", photo: "a.png" } as const;
    const missing = await ask(server.port, toPicturePath(unknown, server.token));
    expect(missing.status).toBe(404);
    expect(missing.body).toContain("no data set or folder is named kittens");
    expect((await ask(server.port, `/picture?ref=nothing&token=${server.token}`)).status).toBe(400);
    expect((await ask(server.port, toPicturePath(unknown, server.token), {}, "DELETE")).status).toBe(405);
  });

  it("are never of files outside a data set, wherever its links lead", async () => {
    const outside = await writePhotos(await makeFolder(), 1);
    const folder = await writePhotos(await makeFolder(), 3);
    await symlink(join(outside, "photo-00.png"), join(folder, "aa-link.png"));
    const { lab, server } = await openServer(await makeFolder());
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    const statusOf = async (photo: string) =>
      (await ask(server.port, toPicturePath({ kind: "photo", dataset: "mine", photo }, server.token))).status;
    expect(await statusOf("photo-00.png")).toBe(200);
    expect(await statusOf("aa-link.png")).toBe(403);
    expect(await statusOf(`../${outside.split("/").at(-1)}/photo-00.png`)).toBe(404);
    expect(await statusOf(join(outside, "photo-00.png"))).toBe(404);
    const noise = { kind: "gaussian", sigma255: 30 } as const;
    const seen = { dataset: "mine", noise, seed: 0, view: "clean" } as const;
    const statusOfRef = async (ref: Parameters<typeof toPicturePath>[0]) =>
      (await ask(server.port, toPicturePath(ref, server.token))).status;
    expect(await statusOfRef({ kind: "noise", photo: "photo-00.png", ...seen })).toBe(200);
    expect(await statusOfRef({ kind: "noise", photo: "aa-link.png", ...seen })).toBe(403);
    const { augmentation } = searchConfigSchema.parse({});
    const statusOfPatch = (index: number) => {
      const drawn = { set: "training", validationShare: 0.25, augmentation, patchSize: 16, step: 0 } as const;
      return statusOfRef({ kind: "patch", ...drawn, batchSize: 3, index, ...seen });
    };
    // An epoch has each of the three training photos once.
    expect((await Promise.all([0, 1, 2].map(statusOfPatch))).sort()).toEqual([200, 200, 403]);
    const { lab: window } = await connectWindow(server);
    await expect(window.measureNoise({ photo: "aa-link.png", dataset: "mine", noise, seed: 0 })).rejects.toMatchObject({
      kind: "permission",
    });
  });
});

describe("paths that windows name", () => {
  it("must lie in the lab's home, in a data set or among the uploads", async () => {
    const outside = await writePhotos(await makeFolder(), 1);
    const folder = await writePhotos(await makeFolder(), 3);
    const home = await makeFolder();
    const { lab, server } = await openServer(home);
    await lab.addDataset({ name: "mine", folder, noisyFolder: null });
    await symlink(outside, join(folder, "way-out"));
    const window = await connectWindow(server);
    const denoise = (input: string, output: string | null = null, model = "01AB") =>
      window.lab.startDenoise({
        models: [model],
        inputs: [input],
        output: output === null ? { kind: "look" } : { kind: "folder", folder: output },
      });
    const refused = { kind: "permission" };
    await expect(denoise(folder)).rejects.toMatchObject({ ...refused, message: expect.stringContaining("way-out") });
    await expect(denoise(join(outside, "photo-00.png"))).rejects.toMatchObject(refused);
    await expect(denoise(join(folder, "way-out", "photo-00.png"))).rejects.toMatchObject(refused);
    await expect(denoise(join(folder, "..", "x.png"))).rejects.toMatchObject(refused);
    await expect(denoise(join(folder, "photo-00.png"), join(outside, "results"))).rejects.toMatchObject(refused);
    await expect(denoise(join(folder, "photo-00.png"), null, "/etc/model.safetensors")).rejects.toMatchObject(refused);
    await expect(window.lab.saveDenoised({ task: "t", item: 0, file: join(outside, "x.png") })).rejects.toMatchObject(
      refused,
    );
    const saved = { task: "t", item: 0 };
    await expect(window.lab.saveDenoised({ ...saved, file: join(home, "x.sqlite") })).rejects.toMatchObject(refused);
    const over = window.lab.saveDenoised({ ...saved, file: join(folder, "photo-00.png"), overwrite: true });
    await expect(over).rejects.toMatchObject(refused);
    // These are let through, and fail later for want of such a model.
    const unknown = { kind: "not_found", message: expect.stringContaining("01AB") };
    await expect(denoise(join(folder, "photo-00.png"))).rejects.toMatchObject(unknown);
    await expect(denoise(join(home, "x.png"), join(home, "new", "folder"))).rejects.toMatchObject(unknown);
  });
});

describe("data sets that windows name", () => {
  it("are the built-in one or registered, never a folder", async () => {
    const outside = await writePhotos(await makeFolder(), 3);
    const { lab, server } = await openServer(await makeFolder());
    await lab.addDataset({ name: "mine", folder: outside, noisyFolder: null });
    const { lab: window } = await connectWindow(server);
    const refused = {
      kind: "permission",
      message: expect.stringContaining(`data.dataset must be one of sample, mine, got ${outside}`),
    };
    const data = { dataset: outside };
    await expect(window.startSearch({ data })).rejects.toMatchObject(refused);
    await expect(window.startTraining({ data }, TINY_GENOTYPE)).rejects.toMatchObject(refused);
    await expect(window.startEvaluation({ model: "01AB", config: { data } })).rejects.toMatchObject(refused);
    await expect(
      window.startEvaluation({ model: "01AB", config: { data: { dataset: "mine" } } }),
    ).rejects.toMatchObject({ kind: "not_found" });
  });
});

describe("uploads", () => {
  const post = (port: number, name: string, token: string, body: string | Buffer<ArrayBuffer>) =>
    fetch(`http://127.0.0.1:${port}${toUploadPath(name, token)}`, { method: "POST", body });

  it("are kept until the server closes where nothing was done with them", async () => {
    const folder = await writePhotos(await makeFolder(), 1);
    const bytes = await readFile(join(folder, "photo-00.png"));
    const { server } = await openServer(await makeFolder());
    const answer = await post(server.port, "my photo.png", server.token, bytes);
    const { path } = (await answer.json()) as { path: string };
    expect(path.endsWith("/my photo.png")).toBe(true);
    expect(await readFile(path)).toEqual(bytes);
    await server.close();
    await expect(readFile(path)).rejects.toThrow("ENOENT");
  });

  it("are freed with the last task that has them, and where none could be started", async () => {
    const folder = await writePhotos(await makeFolder(), 3);
    const bytes = await readFile(join(folder, "photo-00.png"));
    const uploadLimits = { fileBytes: bytes.length, totalBytes: bytes.length };
    const { lab, server } = await openServer(await makeFolder(), { uploadLimits });
    const { lab: window } = await connectWindow(server);
    const upload = async () => {
      const answer = await post(server.port, "mine.png", server.token, bytes);
      return answer.ok ? ((await answer.json()) as { path: string }).path : null;
    };
    const denoise = async (model: string, path: string | null) => {
      const { id } = await window.startDenoise({ models: [model], inputs: [path ?? ""] });
      await expect.poll(async () => (await window.listTasks()).find((task) => task.id === id)?.state).toBe("finished");
      return id;
    };
    await expect(denoise("01AB", await upload())).rejects.toMatchObject({ kind: "not_found" });
    const { id: model } = await trainModel(lab, folder);
    const path = await upload();
    const [first, second] = [await denoise(model, path), await denoise(model, path)];
    await window.dismissTask(first);
    expect(await readFile(path ?? "")).toEqual(bytes);
    expect(await upload()).toBeNull();
    await window.dismissTask(second);
    await expect(readFile(path ?? "")).rejects.toThrow("ENOENT");
    expect(await upload()).not.toBeNull();
  });

  it("never leave their folder and are photos by their names", async () => {
    const { server } = await openServer(await makeFolder());
    const { path } = (await (await post(server.port, "../../../x.png", server.token, "x")).json()) as { path: string };
    expect(path).toMatch(/hinas-uploads-\w+\/[0-9a-f]{12}\/x\.png$/);
    for (const name of ["x.sh", "", ".png", "..\\.png"]) {
      expect((await post(server.port, name, server.token, "x")).status).toBe(422);
    }
  });

  it("are refused without the token, and where they are too large", async () => {
    const { server } = await openServer(await makeFolder(), { uploadLimits: { fileBytes: 100, totalBytes: 150 } });
    expect((await post(server.port, "a.png", "wrong", "x")).status).toBe(401);
    const tooLarge = await post(server.port, "a.png", server.token, "x".repeat(101));
    expect(tooLarge.status).toBe(422);
    expect(await tooLarge.text()).toContain("must have at most");
    expect((await post(server.port, "a.png", server.token, "x".repeat(100))).status).toBe(200);
    expect((await post(server.port, "b.png", server.token, "x".repeat(100))).status).toBe(422);
    expect((await post(server.port, "c.png", server.token, "x".repeat(10))).status).toBe(200);
  });
});

describe("a server that cannot start", () => {
  it("says so where the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await expect(openServer(await makeFolder(), { port })).rejects.toMatchObject({
      kind: "busy",
      message: `serve: port ${port} is taken; --port chooses another, 0 any free one`,
    });
    other.close();
  });

  it("says so where no window is built, and where the address is none of this computer's", async () => {
    const { lab } = openLab(await makeFolder());
    const common = { lab, host: "127.0.0.1", port: 0, log: () => undefined };
    await expect(serveLab({ ...common, rendererFolder: await makeFolder() })).rejects.toThrow(
      "`npm run build` builds it",
    );
    const rendererFolder = await makeRenderer();
    await expect(serveLab({ ...common, rendererFolder, host: "192.0.2.1" })).rejects.toThrow(
      "must be an address of this",
    );
  });
});
