import type { App } from "electron";

/** What a page may do besides showing itself: copy text when the person asks for it. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(["clipboard-sanitized-write", "notifications"]);

/** Refuses whatever a page could ask for beyond showing itself: permissions, other addresses, new windows, web views. */
export function setupLockdown(app: App): void {
  app.enableSandbox();
  app.on("session-created", (session) => {
    session.setPermissionRequestHandler((_contents, permission, answer) => answer(ALLOWED_PERMISSIONS.has(permission)));
    session.setPermissionCheckHandler((_contents, permission) => ALLOWED_PERMISSIONS.has(permission));
  });
  app.on("web-contents-created", (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
    contents.on("will-navigate", (event) => event.preventDefault());
    contents.on("will-redirect", (event) => event.preventDefault());
    contents.on("will-attach-webview", (event) => event.preventDefault());
  });
}
