import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";

import { describeAnswer } from "#main/api/webRoutes.ts";

/** Answers in words on a connection of which no request has been made, with the headers of all answers, and ends it. */
export function writeAnswer(socket: Duplex, status: number, text: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { headers, body } = describeAnswer(text);
  const lines = Object.entries({ ...headers, "Content-Length": String(Buffer.byteLength(body)), Connection: "close" });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
  ];
  // Who does not read the answer does not keep the connection.
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}
