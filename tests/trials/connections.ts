import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { at } from "#shared/at.ts";
import { createRandom } from "#shared/random/createRandom.ts";
import type { Random } from "#shared/random/random.ts";
import { SOCKET_PATH } from "#shared/api/wire.ts";
import { UPLOAD_PATH } from "#shared/api/pictures.ts";

import { inFolder } from "./support/folders.ts";
import { ask, askByWindow, startServer, type TriedServer } from "./support/server.ts";
import { createTally, type Tally, type Trial, type TrialSetup } from "./support/trial.ts";

/** Connections that no page of ours makes, while a window of ours goes on. */
export const connections: Trial = {
  name: "connections",
  promise: "whoever connects without the token, in whatever way, gets no answer of the lab and ends nobody else's work",
  fullCases: 10_000,
  smallCases: 160,
  run: (setup) => inFolder((folder) => tryConnections(folder, setup)),
};

/** How many are open at once, beside the flood. */
const AT_ONCE = 20;
/** The flood has half of all connections, 5,000 at full size. */
const FLOOD_SHARE = 0.5;
/** Our window is asked after so many attacks. */
const LOOK_EVERY = 100;

interface Attack {
  readonly server: TriedServer;
  readonly random: Random;
  readonly tally: Tally;
  readonly index: number;
}

/** Each returns what is wrong, or null. */
const ATTACKS: readonly ((attack: Attack) => Promise<string | null>)[] = [
  resetInHandshake,
  resetInBody,
  sendMalformedFrame,
  askAsForeigner,
  upgradeAsForeigner,
  askMalformed,
];

async function tryConnections(folder: string, { cases, seed, log }: TrialSetup) {
  const tally = createTally();
  const faults: string[] = [];
  let server = await startServer(folder);
  const flooders = Math.round(cases * FLOOD_SHARE);
  const check = async (when: string): Promise<void> => {
    const isServed = server.getEnd() === null && (await askByWindow(server.port, server.token));
    tally.add("looks at our window");
    if (isServed) return;
    await sleep(500); // a server that is about to end says why
    faults.push(`${when}: our window is not served; ${server.getEnd() ?? "the server lives"}`);
    await server.end();
    server = await startServer(folder);
  };
  try {
    for (let from = 0; from < cases - flooders; from += AT_ONCE) {
      const indices = Array.from({ length: Math.min(AT_ONCE, cases - flooders - from) }, (_, k) => from + k);
      const found = await Promise.all(
        indices.map((index) => {
          const attack = at(ATTACKS, index % ATTACKS.length, "attacks");
          tally.add(attack.name);
          return attack({ server, random: createRandom(seed, "connections", index), tally, index });
        }),
      );
      faults.push(...found.flatMap((fault, k) => (fault === null ? [] : [`case ${from + k}: ${fault}`])));
      const isLook = from % LOOK_EVERY < AT_ONCE || server.getEnd() !== null;
      if (isLook) await check(`after case ${from + indices.length}`);
    }
    log(`${cases - flooders} attacks, ${faults.length} faults; now a flood of ${flooders}`);
    await flood(server, flooders, tally, () => check(`under a flood of ${flooders} idle connections`));
    await check("after the flood");
  } finally {
    await server.end();
  }
  return { counts: tally.counts, faults };
}

/** Opens many connections that say nothing, and looks at our window while they are there. */
async function flood({ port }: TriedServer, count: number, tally: Tally, look: () => Promise<void>): Promise<void> {
  const sockets: Socket[] = [];
  for (let opened = 0; opened < count; opened += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - opened) }, () => open(port));
    sockets.push(...(await Promise.all(batch)));
  }
  tally.add("idle connections", count);
  tally.add("idle connections that the server kept", sockets.filter((socket) => !socket.destroyed).length);
  await look();
  for (const socket of sockets) socket.resetAndDestroy();
}

/** Opens a connection; one that is refused is closed. */
function open(port: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => undefined);
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(socket));
    socket.once("close", () => resolve(socket));
  });
}

/** A handshake of a window, with a name of the server that it knows or does not know. */
function handshake(host: string): string {
  const lines = [
    `GET ${SOCKET_PATH} HTTP/1.1`,
    `Host: ${host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** Resets the connection at each byte of a handshake in turn, of one that is let in and of one that is refused. */
async function resetInHandshake({ server, index }: Attack): Promise<null> {
  const turn = Math.floor(index / ATTACKS.length);
  const text = handshake(turn % 2 === 0 ? "evil.example" : `127.0.0.1:${server.port}`);
  const socket = await open(server.port);
  socket.write(text.slice(0, 1 + ((turn >> 1) % text.length)));
  if (turn % 3 === 0) socket.write(text.slice(1 + ((turn >> 1) % text.length)));
  await sleep(turn % 4);
  socket.resetAndDestroy();
  return null;
}

/** Begins to send a photo, slowly, and breaks off. */
async function resetInBody({ server, random }: Attack): Promise<null> {
  const socket = await open(server.port);
  const path = `${UPLOAD_PATH}?name=photo.png&token=${random.uniform() < 0.5 ? server.token : "none"}`;
  socket.write(`POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: 100000\r\n\r\n`);
  for (let part = 0; part < 3; part += 1) {
    socket.write(Buffer.alloc(Math.floor(random.uniform() * 500), 1));
    await sleep(random.uniform() * 20);
  }
  if (random.uniform() < 0.5) socket.end();
  else socket.resetAndDestroy();
  return null;
}

/** Is let in by the handshake and sends bytes that are no frames. */
async function sendMalformedFrame({ server, random }: Attack): Promise<null> {
  const socket = await open(server.port);
  socket.write(handshake(`127.0.0.1:${server.port}`));
  await sleep(random.uniform() * 20);
  const bytes = Buffer.from(
    Array.from({ length: 1 + Math.floor(random.uniform() * 64) }, () => random.uniform() * 256),
  );
  socket.write(bytes);
  await sleep(random.uniform() * 20);
  socket.resetAndDestroy();
  return null;
}

const FOREIGN: readonly Readonly<Record<string, string>>[] = [
  { Host: "evil.example" },
  { Host: "evil.example:80" },
  { Origin: "http://evil.example" },
  { Origin: "null" },
  { Host: "127.0.0.1.evil.example" },
  { Host: "localhost.evil.example" },
];

async function askAsForeigner({ server, index, tally }: Attack): Promise<string | null> {
  const headers = at(FOREIGN, Math.floor(index / ATTACKS.length) % FOREIGN.length, "foreign");
  const answer = await ask(server.port, { path: `/?token=${server.token}`, headers });
  tally.add(`foreign request, status ${answer?.status ?? "none"}`);
  return answer !== null && answer.status < 400 ? `a foreign request was answered: ${JSON.stringify(headers)}` : null;
}

async function upgradeAsForeigner({ server, index }: Attack): Promise<string | null> {
  const headers = at(FOREIGN, Math.floor(index / ATTACKS.length) % FOREIGN.length, "foreign");
  const isAnswered = await askByWindow(server.port, server.token, headers, 5000);
  return isAnswered ? `a foreign window was let in: ${JSON.stringify(headers)}` : null;
}

const MALFORMED: readonly Parameters<typeof ask>[1][] = [
  { method: "TRACE" },
  { path: "/%" },
  { path: "/%00" },
  { path: "/..%2f..%2fetc%2fpasswd" },
  { path: "//[" },
  { path: "http://evil.example/" },
  { path: `/${"a".repeat(20_000)}` },
  { method: "POST", path: "/" },
  { method: "DELETE", path: UPLOAD_PATH },
  { path: `${UPLOAD_PATH}?name=%00&token=none`, method: "POST" },
];

async function askMalformed({ server, index }: Attack): Promise<string | null> {
  const wish = at(MALFORMED, Math.floor(index / ATTACKS.length) % MALFORMED.length, "malformed");
  const answer = await ask(server.port, wish);
  const what = `${wish.method ?? "GET"} ${(wish.path ?? "/").slice(0, 40)}`;
  if (answer === null) return null; // ended without an answer, which is one
  if (answer.status < 400 || answer.status >= 500) return `${what} must get 4xx, got ${answer.status}`;
  // What Node refuses before the program sees it has no headers of ours.
  return answer.hasSecurityHeaders || [400, 431].includes(answer.status) ? null : `${what}: no security headers`;
}
