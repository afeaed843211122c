import { EventEmitter } from "node:events";

import type { SenderFrame } from "#main/shell/trust.ts";

/** What the main process hears and answers by, with a way to call it as a page would. */
export class FakeIpc extends EventEmitter {
  readonly handlers = new Map<string, (event: unknown, ...args: unknown[]) => unknown>();

  handle(channel: string, handler: (event: unknown, ...args: unknown[]) => unknown): void {
    this.handlers.set(channel, handler);
  }

  async invoke(frame: SenderFrame, channel: string, ...args: unknown[]): Promise<unknown> {
    const handler = this.handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return handler({ senderFrame: frame }, ...args);
  }
}

/** A window's contents: what was sent to it, and whether it still lives. */
export class FakeContents extends EventEmitter {
  readonly id: number;
  readonly sent: unknown[] = [];
  isGone = false;

  constructor(id: number) {
    super();
    this.id = id;
  }

  send(_channel: string, message: unknown): void {
    if (this.isGone) throw new Error("Object has been destroyed");
    this.sent.push(message);
  }

  isDestroyed(): boolean {
    return this.isGone;
  }

  destroy(): void {
    this.isGone = true;
    this.emit("destroyed");
  }
}

/** The frame of the program's own page. */
export const OWN_FRAME: SenderFrame = { url: "hinas://app/index.html#/home", parent: null };
