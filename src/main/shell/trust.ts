/** What is known of the frame that a message comes from; null where it has gone meanwhile. */
export type SenderFrame = { readonly url: string; readonly parent: unknown } | null;

/** Tells whether a message comes from the window's own page: the topmost frame, loaded from one of the origins. */
export function isTrustedSender(frame: SenderFrame, origins: readonly string[]): boolean {
  if (frame === null || frame.parent !== null) return false;
  return origins.some((origin) => frame.url === origin || frame.url.startsWith(`${origin}/`));
}

/** The origins that the window's page may have: its own, and that of a developer's server where there is one. */
export function listTrustedOrigins(ownOrigin: string, devServer: string | null): readonly string[] {
  return devServer === null ? [ownOrigin] : [ownOrigin, new URL(devServer).origin];
}

const OWN_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The address of the server that `npm run dev` starts for the window's page; null where the program was built by anything
 * else, whatever its environment says. Throws an Error for an address of another computer.
 */
export function findDevServer(env: NodeJS.ProcessEnv, isDevelopment: boolean): string | null {
  const address = env["ELECTRON_RENDERER_URL"];
  if (!isDevelopment || address === undefined) return null;
  const { protocol, hostname } = new URL(address);
  if (protocol === "http:" && OWN_HOSTS.has(hostname)) return address;
  throw new Error(`window: a developer's server must be one of this computer, got ${address}`);
}
