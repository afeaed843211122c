import type { Protocol } from "electron";
import type { Hono } from "hono";

import { ORIGIN, SCHEME } from "./channels.ts";

/** Makes the window's scheme one with an origin, so that pages have the rights of web pages and no more. To be called before Electron is ready. */
export function registerScheme(protocol: Pick<Protocol, "registerSchemesAsPrivileged">): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true, stream: true };
  protocol.registerSchemesAsPrivileged([{ scheme: SCHEME, privileges }]);
}

/** Answers requests of the window's scheme with what a server would answer; other hosts of the scheme have nothing. */
export function answerScheme(protocol: Pick<Protocol, "handle">, routes: Hono): void {
  protocol.handle(SCHEME, async (request) => {
    const { host } = new URL(request.url);
    return `${SCHEME}://${host}` === ORIGIN ? routes.fetch(request) : new Response("no such host\n", { status: 404 });
  });
}
