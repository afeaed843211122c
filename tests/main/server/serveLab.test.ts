import { once } from "node:events";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";

import sharp from "sharp";
import { describe, expect, it } from "vitest";

import { serveLab } from "#main/server/serveLab.ts";
import { toPicturePath } from "#shared/api/pictures.ts";
import { CLOSE_CODES } from "#shared/api/wire.ts";

import { makeFolder, openLab } from "#tests/helpers/labHome.ts";
import { ask, connectWindow, makeRenderer, openServer, openSocket } from "#tests/helpers/labServer.ts";

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

  it("refuses a request line that names another server, whatever its Host says", async () => {
    const { server } = await openServer(await makeFolder());
    const headers = { Host: `127.0.0.1:${server.port}` };
    expect((await ask(server.port, "http://evil.example/", headers)).status).toBe(403);
    expect((await ask(server.port, `http://127.0.0.1:${server.port}/`, headers)).status).toBe(200);
  });

  it("lets its own pages in by any name that a tunnel may give it", async () => {
    const { server } = await openServer(await makeFolder());
    for (const host of [`127.0.0.1:${server.port}`, "localhost:9999", "[::1]:80"]) {
      const { status } = await ask(server.port, "/", { Host: host, Origin: `http://${host}` });
      expect(status).toBe(200);
    }
  });

  it("refuses what is no request, with the same headers as all answers", async () => {
    const { server } = await openServer(await makeFolder());
    const answers = [
      await ask(server.port, "/", { Host: "no host at all" }),
      await ask(server.port, "/", { Host: "evil.example" }),
      await ask(server.port, "/picture"),
      await ask(server.port, "/no"),
      await ask(server.port, "/", {}, "DELETE"),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 403, 401, 404, 405]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        "content-security-policy": expect.stringContaining("default-src 'none'"),
        "content-type": expect.stringMatching(/^text\/plain/),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
      });
    }
  });

  it.each(["/%70icture?ref=x", "//picture?ref=x", "/picture/?ref=x", "/./picture?ref=x"])(
    "has no way past the token by writing the address as %s",
    async (path) => {
      const { server } = await openServer(await makeFolder());
      expect([401, 404]).toContain((await ask(server.port, path)).status);
    },
  );

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
      message: "search.epochs must be more than 0, got 0",
    });
    await expect(lab.derive("", -1)).rejects.toMatchObject({ kind: "bad_config" });
    const odd = lab.listRuns as (...args: unknown[]) => Promise<unknown>;
    await expect(odd(1)).rejects.toMatchObject({ message: "the lab takes 0 values for this, got 1" });
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

  it("are told of without being sent where only the head is asked for", async () => {
    const { server } = await openServer(await makeFolder());
    const wish = { kind: "photo", dataset: "sample", photo: "sample-001", maxSidePx: 32 } as const;
    for (const [path, type] of [
      ["/", "text/html; charset=utf-8"],
      [toPicturePath(wish, server.token), "image/png"],
    ] as const) {
      const head = await ask(server.port, path, {}, "HEAD");
      expect(head).toMatchObject({ status: 200, body: "", headers: { "content-type": type } });
    }
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
});

describe("a server that cannot start", () => {
  it("says so where the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as { port: number };
    await expect(openServer(await makeFolder(), { port })).rejects.toMatchObject({
      kind: "busy",
      message: `port ${port} is taken; --port chooses another, 0 any free one`,
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
