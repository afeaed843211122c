import type { IpcMain, IpcMainEvent, WebContents } from "electron";

import { openWindowSession, type WindowSession } from "#main/api/windowSession.ts";
import type { Lab } from "#shared/api/lab.ts";

import { CHANNELS } from "./channels.ts";
import { isTrustedSender } from "./trust.ts";

export interface WindowIpcOptions {
  readonly ipcMain: Pick<IpcMain, "on">;
  readonly lab: Lab;
  readonly origins: readonly string[];
  readonly log: (line: string) => void;
}

interface Connection {
  readonly session: WindowSession;
  receive(message: unknown): void;
}

/** Connects each window that asks for it with the lab, anew whenever it loads; messages of unknown senders are passed over and told. */
export function setupWindowIpc({ ipcMain, lab, origins, log }: WindowIpcOptions): void {
  const connections = new Map<number, Connection>();
  const disconnect = (id: number): void => {
    connections.get(id)?.session.close();
    connections.delete(id);
  };
  const whenTrusted = (channel: string, act: (event: IpcMainEvent, message: unknown) => void): void => {
    ipcMain.on(channel, (event, message: unknown) => {
      if (isTrustedSender(event.senderFrame, origins)) act(event, message);
      else log(`window: a message of ${event.senderFrame?.url ?? "a frame that is gone"} was refused`);
    });
  };
  whenTrusted(CHANNELS.connect, ({ sender }) => {
    const isKnown = connections.has(sender.id);
    disconnect(sender.id);
    connections.set(sender.id, connect(lab, sender, log));
    if (!isKnown) sender.once("destroyed", () => disconnect(sender.id));
  });
  whenTrusted(CHANNELS.message, ({ sender }, message) => connections.get(sender.id)?.receive(message));
}

/** A window of this computer has its person's own rights, so no path is refused. */
function connect(lab: Lab, sender: WebContents, log: (line: string) => void): Connection {
  let receive: (message: unknown) => void = () => undefined;
  const session = openWindowSession(
    lab,
    {
      post: (message) => {
        if (!sender.isDestroyed()) sender.send(CHANNELS.message, message);
      },
      onMessage: (listener) => (receive = listener),
      refuse: (error) => log(error instanceof Error ? error.message : String(error)),
    },
    { guard: async () => undefined, log },
  );
  return { session, receive: (message) => receive(message) };
}
