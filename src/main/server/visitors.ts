import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";

/** Names by which a browser on the same computer, or at the end of a tunnel to it, reaches a server. */
const LOCAL_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Decides who may come in: what names the server is called by, and whether a page of another site is asking. */
export interface VisitorCheck {
  /** Null where the visitor may come in by the `Host` and `Origin` of the request, else why not. */
  findFault(host: string | undefined, origin: string | undefined): string | null;
}

/**
 * Makes the check for a server that listens on `host`. A page of another site can make a browser call this server by a
 * name of that site (DNS rebinding), so names are known ones, and addresses only where the server listens on the network.
 */
export function createVisitorCheck(host: string): VisitorCheck {
  const isLocal = LOCAL_NAMES.has(host) || host === "::1";
  const ownNames = new Set([host.toLowerCase(), hostname().toLowerCase()]);
  const isKnown = (name: string): boolean =>
    LOCAL_NAMES.has(name) || (!isLocal && (isAddress(name) || ownNames.has(name)));
  return {
    findFault: (host, origin) => {
      const called = host?.toLowerCase() ?? "";
      const name = called.replace(/:\d+$/, "");
      if (!isKnown(name)) return `the server must be called by a name it knows, got "${called}"`;
      const isForeign = origin !== undefined && origin.toLowerCase() !== `http://${called}`;
      return isForeign ? `only the server's own pages may ask, got a page of "${origin}"` : null;
    },
  };
}

/** Compares a token with what a visitor gave in the same time whatever the visitor gave. */
export function isToken(token: string, given: string | undefined): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(token), digest(given ?? ""));
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[|\]$/g, "")) !== 0;
}
