import type { IncomingMessage, ServerResponse } from "node:http";

/** Makes a web request of one that Node received; its body is left alone. */
export function toWebRequest({ method, headers, url }: IncomingMessage): Request {
  const kept = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || name.startsWith(":") ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
  );
  return new Request(new URL(url ?? "/", "http://localhost"), { method: method ?? "GET", headers: kept });
}

/** Sends a web response by Node's; without its body where only the head was asked for. */
export async function sendWebResponse(response: Response, target: ServerResponse, isHead: boolean): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  const length = response.status === 304 ? {} : { "Content-Length": body.length };
  target.writeHead(response.status, { ...Object.fromEntries(response.headers), ...length });
  target.end(isHead ? undefined : body);
}
