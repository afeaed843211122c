/** What is known of the frame that a message comes from; null where it has gone meanwhile. */
export type SenderFrame = { readonly url: string; readonly parent: unknown } | null;

/** Tells whether a message comes from the window's own page: the topmost frame, loaded from one of the origins. */
export function isTrustedSender(frame: SenderFrame, origins: readonly string[]): boolean {
  if (frame === null || frame.parent !== null) return false;
  return origins.some((origin) => frame.url === origin || frame.url.startsWith(`${origin}/`));
}

/** The origins that the window's page may have: its own, and that of a developer's server outside of packaged programs. */
export function listTrustedOrigins(
  ownOrigin: string,
  devServer: string | null,
  isPackaged: boolean,
): readonly string[] {
  return devServer === null || isPackaged ? [ownOrigin] : [ownOrigin, new URL(devServer).origin];
}
