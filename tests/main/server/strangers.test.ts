import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it, onTestFinished } from "vitest";

import { toPicturePath, toUploadPath } from "#shared/api/pictures.ts";

import { makeFolder } from "#tests/helpers/labHome.ts";
import { ask, connectWindow, openServer } from "#tests/helpers/labServer.ts";

async function openConnection(port: number, text = ""): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

/** Sends what no client of a library would, and returns what comes back. */
async function say(port: number, text: string): Promise<string> {
  const socket = await openConnection(port, text);
  let answer = "";
  socket.on("data", (data: Buffer) => (answer += data.toString("latin1")));
  await once(socket, "close");
  return answer;
}

const upgrade = (port: number, more = ""): string =>
  `GET /lab HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${more}\r\n`;

describe("a server that strangers come to", () => {
  it("goes on when connections break off at every point of the handshake", async () => {
    const { server } = await openServer(await makeFolder());
    const refused = upgrade(server.port, "Origin: https://evil.example\r\n");
    const accepted = upgrade(
      server.port,
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    );
    for (const request of [refused, accepted, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"]) {
      for (let length = 1; length <= request.length; length += 7) {
        (await openConnection(server.port, request.slice(0, length))).resetAndDestroy();
      }
      // The answer meets a connection that is already gone.
      for (let i = 0; i < 60; i++) (await openConnection(server.port, request)).resetAndDestroy();
    }
    await sleep(100);
    expect((await ask(server.port, "/")).status).toBe(200);
  });

  it("lets the oldest idle connections go where too many come, and keeps its windows", async () => {
    const { server } = await openServer(await makeFolder(), { socketLimits: { strangers: 8, total: 100 } });
    const { lab } = await connectWindow(server);
    const idle: Socket[] = [];
    for (let i = 0; i < 40; i++) idle.push(await openConnection(server.port));
    await expect.poll(() => idle.filter(({ closed }) => closed).length).toBe(32);
    expect(await lab.listRuns()).toEqual([]);
    expect((await ask(server.port, "/")).status).toBe(200);
  });

  it("takes no more connections in all than it may", async () => {
    const { server } = await openServer(await makeFolder(), { socketLimits: { strangers: 50, total: 5 } });
    const sockets: Socket[] = [];
    for (let i = 0; i < 12; i++) sockets.push(await openConnection(server.port));
    await expect.poll(() => sockets.filter(({ closed }) => closed).length).toBe(7);
  });

  it.each([
    ["TRACE", 405, (host: string) => `TRACE / HTTP/1.1\r\n${host}\r\n`],
    ["CONNECT", 405, (host: string) => `CONNECT example.org:443 HTTP/1.1\r\n${host}\r\n`],
    ["a malformed address", 400, (host: string) => `GET http://[ HTTP/1.1\r\n${host}\r\n`],
    ["another protocol", 400, () => "\x16\x03\x01\x02\x00\x01\r\n\r\n"],
    ["an endless head", 431, (host: string) => `GET / HTTP/1.1\r\n${host}X: ${"x".repeat(40_000)}\r\n\r\n`],
    ["an odd expectation", 417, (host: string) => `GET / HTTP/1.1\r\n${host}Expect: tea\r\n\r\n`],
    [
      "a foreign page's socket",
      403,
      (host: string) => `GET /x HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
    ],
    ["an odd socket", 400, (host: string) => `GET /lab HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: tea\r\n\r\n`],
  ])("answers %s plainly with %d and the headers of all answers", async (_title, status, request) => {
    const { server, logged } = await openServer(await makeFolder());
    const answer = await say(server.port, request(`Host: 127.0.0.1:${server.port}\r\nConnection: close\r\n`));
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/content-security-policy: default-src 'none'/i);
    expect(answer).toMatch(/x-content-type-options: nosniff/i);
    expect(logged).toEqual([]);
  });

  it("answers names with a NUL in them as names that are wrong", async () => {
    const { server, logged } = await openServer(await makeFolder());
    const picture = toPicturePath({ kind: "run", run: "a\0b", image: "a\0b.png" }, server.token);
    const answers = [
      await ask(server.port, "/%00"),
      await ask(server.port, picture),
      await ask(server.port, toUploadPath("a\0b.png", server.token), {}, "POST"),
    ];
    for (const { status, headers } of answers) {
      expect([400, 404, 422]).toContain(status);
      expect(headers["content-security-policy"]).toContain("default-src 'none'");
    }
    expect(logged).toEqual([]);
  });
});
