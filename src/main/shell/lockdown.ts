import { app } from "electron";

/** Refuses whatever a page could ask for beyond showing itself: permissions, other addresses, new windows, web views. */
export function setupLockdown(): void {
  app.enableSandbox();
  app.on("session-created", (session) => {
    session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
    session.setPermissionCheckHandler(() => false);
  });
  app.on("web-contents-created", (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
    contents.on("will-navigate", (event) => event.preventDefault());
    contents.on("will-attach-webview", (event) => event.preventDefault());
  });
}
