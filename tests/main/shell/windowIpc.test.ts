import type { IpcMain } from "electron";
import { describe, expect, it } from "vitest";

import { CHANNELS } from "#main/shell/channels.ts";
import { setupWindowIpc } from "#main/shell/windowIpc.ts";
import { decodeMessage } from "#shared/api/wire.ts";

import { makeFolder, openLab } from "#tests/helpers/labHome.ts";

import { FakeContents, FakeIpc, OWN_FRAME } from "./fakeElectron.ts";

async function setup() {
  const { lab } = openLab(await makeFolder());
  const ipc = new FakeIpc();
  const logged: string[] = [];
  setupWindowIpc({
    ipcMain: ipc as unknown as IpcMain,
    lab,
    origins: ["hinas://app"],
    log: (line) => logged.push(line),
  });
  return { ipc, logged };
}

const question = (id: string, name = "listRuns"): string => JSON.stringify({ t: "q", i: id, m: name, a: [] });
const answersOf = ({ sent }: FakeContents) => sent.map((text) => decodeMessage(text));

describe("the carrier over Electron", () => {
  it("answers the own page once it is connected", async () => {
    const { ipc } = await setup();
    const contents = new FakeContents(1);
    ipc.emit(CHANNELS.connect, { sender: contents, senderFrame: OWN_FRAME });
    ipc.emit(CHANNELS.message, { sender: contents, senderFrame: OWN_FRAME }, question("7"));
    await expect.poll(() => answersOf(contents)).toEqual([{ t: "s", i: "7", r: [] }]);
  });

  it("refuses messages of other senders and tells of them", async () => {
    const { ipc, logged } = await setup();
    const contents = new FakeContents(1);
    ipc.emit(CHANNELS.connect, { sender: contents, senderFrame: OWN_FRAME });
    const foreign = { url: "https://evil.example/", parent: null };
    ipc.emit(CHANNELS.connect, { sender: contents, senderFrame: foreign });
    ipc.emit(CHANNELS.message, { sender: contents, senderFrame: foreign }, question("8"));
    ipc.emit(CHANNELS.message, { sender: contents, senderFrame: OWN_FRAME }, question("9"));
    await expect.poll(() => answersOf(contents)).toEqual([{ t: "s", i: "9", r: [] }]);
    expect(logged).toEqual(Array(2).fill("window: a message of https://evil.example/ was refused"));
  });

  it("listens on its own channels and on no others", async () => {
    const { ipc } = await setup();
    expect(ipc.eventNames().toSorted()).toEqual([CHANNELS.connect, CHANNELS.message].toSorted());
    expect([...ipc.handlers.keys()]).toEqual([]);
  });

  it("answers nothing before a page has connected, and passes over what is no message", async () => {
    const { ipc, logged } = await setup();
    const contents = new FakeContents(1);
    ipc.emit(CHANNELS.message, { sender: contents, senderFrame: OWN_FRAME }, question("1"));
    ipc.emit(CHANNELS.connect, { sender: contents, senderFrame: OWN_FRAME });
    ipc.emit(CHANNELS.message, { sender: contents, senderFrame: OWN_FRAME }, { t: "q" });
    expect(logged).toEqual(["wire: a message must be a question or an answer, got neither"]);
    ipc.emit(CHANNELS.message, { sender: contents, senderFrame: OWN_FRAME }, question("2"));
    await expect.poll(() => answersOf(contents)).toEqual([{ t: "s", i: "2", r: [] }]);
  });

  it("connects anew when the page loads again, and sends nothing to a window that is gone", async () => {
    const { ipc } = await setup();
    const contents = new FakeContents(1);
    for (const id of ["1", "2"]) {
      ipc.emit(CHANNELS.connect, { sender: contents, senderFrame: OWN_FRAME });
      ipc.emit(CHANNELS.message, { sender: contents, senderFrame: OWN_FRAME }, question(id));
      await expect.poll(() => answersOf(contents)).toContainEqual({ t: "s", i: id, r: [] });
    }
    expect(contents.listenerCount("destroyed")).toBe(1);
    ipc.emit(CHANNELS.message, { sender: contents, senderFrame: OWN_FRAME }, question("3", "getOverview"));
    contents.destroy();
    ipc.emit(CHANNELS.message, { sender: contents, senderFrame: OWN_FRAME }, question("4"));
    const other = new FakeContents(2);
    ipc.emit(CHANNELS.connect, { sender: other, senderFrame: OWN_FRAME });
    ipc.emit(CHANNELS.message, { sender: other, senderFrame: OWN_FRAME }, question("5"));
    await expect.poll(() => answersOf(other)).toHaveLength(1);
    expect(answersOf(contents)).toHaveLength(2);
  });
});
