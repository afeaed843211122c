import { once } from "node:events";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it, onTestFinished } from "vitest";

import { getOwnerTag } from "#main/files/processIdentity.ts";
import { openUploads } from "#main/server/uploads.ts";
import { toUploadPath } from "#shared/api/pictures.ts";

import { makeFolder, writePhotos } from "#tests/helpers/labHome.ts";
import { ask, connectWindow, openServer } from "#tests/helpers/labServer.ts";
import { trainModel } from "#tests/helpers/trainedModel.ts";

const ROOM = { fileBytes: 100, totalBytes: 100 };

/** Begins an upload of which nobody says how long it is. */
function startUpload({ port, token }: { readonly port: number; readonly token: string }, name: string) {
  const sent = request({ host: "127.0.0.1", port, path: toUploadPath(name, token), method: "POST" });
  sent.on("error", () => undefined); // the server may have left
  return sent;
}

describe("uploads", () => {
  const post = (port: number, name: string, token: string, body: string | Buffer<ArrayBuffer>) =>
    fetch(`http://127.0.0.1:${port}${toUploadPath(name, token)}`, { method: "POST", body });

  it("are kept until the server closes where nothing was done with them", async () => {
    const folder = await writePhotos(await makeFolder(), 1);
    const bytes = await readFile(join(folder, "photo-00.png"));
    const { server } = await openServer(await makeFolder());
    const answer = await post(server.port, "my photo.png", server.token, bytes);
    const { path } = (await answer.json()) as { path: string };
    expect(path.endsWith("/my photo.png")).toBe(true);
    expect(await readFile(path)).toEqual(bytes);
    await server.close();
    await expect(readFile(path)).rejects.toThrow("ENOENT");
  });

  it("stay for results to look at beyond the server's end, and for nothing else", async () => {
    const home = await makeFolder();
    const uploadsFolder = join(home, "uploads");
    const folder = await writePhotos(await makeFolder(), 3);
    const bytes = await readFile(join(folder, "photo-00.png"));
    const { lab, server } = await openServer(home, { uploadsFolder });
    const { lab: window } = await connectWindow(server);
    const upload = async (name: string) => {
      const answer = await post(server.port, name, server.token, bytes);
      return ((await answer.json()) as { path: string }).path;
    };
    const { id: model } = await trainModel(lab, folder);
    const [mine, loose] = [await upload("mine.png"), await upload("loose.png")];
    const { id: task } = await window.startDenoise({ models: [model], inputs: [mine] });
    await expect.poll(async () => (await window.listTasks())[0]?.state).toBe("finished");
    await server.close();
    await lab.close();
    await expect(readFile(loose)).rejects.toThrow("ENOENT");

    const { server: next } = await openServer(home, { uploadsFolder });
    const { lab: reopened } = await connectWindow(next);
    expect(await reopened.listTasks()).toMatchObject([{ id: task }]);
    expect(await readFile(mine)).toEqual(bytes);
    await reopened.dismissTask(task);
    await expect(readFile(mine)).rejects.toThrow("ENOENT");
  });

  it("are freed with the last task that has them, and where none could be started", async () => {
    const folder = await writePhotos(await makeFolder(), 3);
    const bytes = await readFile(join(folder, "photo-00.png"));
    const uploadLimits = { fileBytes: bytes.length, totalBytes: bytes.length };
    const { lab, server } = await openServer(await makeFolder(), { uploadLimits });
    const { lab: window } = await connectWindow(server);
    const upload = async () => {
      const answer = await post(server.port, "mine.png", server.token, bytes);
      return answer.ok ? ((await answer.json()) as { path: string }).path : null;
    };
    const denoise = async (model: string, path: string | null) => {
      const { id } = await window.startDenoise({ models: [model], inputs: [path ?? ""] });
      await expect.poll(async () => (await window.listTasks()).find((task) => task.id === id)?.state).toBe("finished");
      return id;
    };
    await expect(denoise("01AB", await upload())).rejects.toMatchObject({ kind: "not_found" });
    const { id: model } = await trainModel(lab, folder);
    const path = await upload();
    const [first, second] = [await denoise(model, path), await denoise(model, path)];
    await window.dismissTask(first);
    expect(await readFile(path ?? "")).toEqual(bytes);
    expect(await upload()).toBeNull();
    await window.dismissTask(second);
    await expect(readFile(path ?? "")).rejects.toThrow("ENOENT");
    expect(await upload()).not.toBeNull();
  });

  it("never leave their folder and are photos by their names", async () => {
    const { server } = await openServer(await makeFolder());
    const { path } = (await (await post(server.port, "../../../x.png", server.token, "x")).json()) as { path: string };
    expect(path).toMatch(/hinas-uploads-[\w-]+\/[\w-]+-[0-9a-f]{12}\/x\.png$/);
    for (const name of ["x.sh", "", ".png", "..\\.png"]) {
      expect((await post(server.port, name, server.token, "x")).status).toBe(422);
    }
  });

  it("are refused without the token, and where they are too large", async () => {
    const { server } = await openServer(await makeFolder(), { uploadLimits: { fileBytes: 100, totalBytes: 150 } });
    expect((await post(server.port, "a.png", "wrong", "x")).status).toBe(401);
    const tooLarge = await post(server.port, "a.png", server.token, "x".repeat(101));
    expect(tooLarge.status).toBe(422);
    expect(await tooLarge.text()).toContain("must have at most");
    expect((await post(server.port, "a.png", server.token, "x".repeat(100))).status).toBe(200);
    expect((await post(server.port, "b.png", server.token, "x".repeat(100))).status).toBe(422);
    expect((await post(server.port, "c.png", server.token, "x".repeat(10))).status).toBe(200);
  });

  it("are refused in words where their length was not announced and is too large", async () => {
    const { server } = await openServer(await makeFolder(), { uploadLimits: { fileBytes: 1e5, totalBytes: 1e6 } });
    const path = toUploadPath("a.png", server.token);
    const sent = request({ host: "127.0.0.1", port: server.port, path, method: "POST" });
    sent.on("error", () => undefined); // the rest of what it sends is not heard any more
    sent.write(Buffer.alloc(3e5));
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(422);
    sent.destroy();
  });

  it("leave nothing behind where the window goes away in the middle", async () => {
    const { server } = await openServer(await makeFolder(), { uploadLimits: { fileBytes: 100, totalBytes: 100 } });
    const path = toUploadPath("a.png", server.token);
    const headers = { "Content-Length": "100" };
    const sent = request({ host: "127.0.0.1", port: server.port, path, method: "POST", headers });
    sent.on("error", () => undefined);
    await new Promise((resolve) => sent.write("x".repeat(60), resolve));
    sent.destroy();
    // Its 60 bytes are free again for another.
    const status = async () => (await post(server.port, "b.png", server.token, "x".repeat(100))).status;
    await expect.poll(status).toBe(200);
  });

  it("are taken where the system's cleaning removed their folder meanwhile", async () => {
    const uploads = await openUploads(ROOM);
    onTestFinished(() => uploads.close());
    await rm(uploads.folder, { recursive: true });
    const file = await uploads.receive("a.png", new Blob(["xyz"]).stream(), 3);
    expect(await readFile(file, "utf8")).toBe("xyz");
    expect((await stat(uploads.folder)).mode & 0o777).toBe(0o700);
  });

  it("end where nothing comes for a while, and leave no folder", async () => {
    const { server } = await openServer(await makeFolder(), { uploadLimits: { ...ROOM, idleMs: 200 } });
    const sent = startUpload(server, "a.png");
    sent.write("x".repeat(5));
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    expect(response.statusCode).toBe(422);
    const [text] = (await once(response, "data")) as [Buffer];
    expect(text.toString().trim()).toBe("a.png did not arrive: nothing came for 0.2 s");
    sent.destroy();
    const folders = (await readdir(tmpdir())).filter((name) => name.startsWith(`hinas-uploads-${getOwnerTag()}-`));
    expect(folders.length).toBeGreaterThan(0);
    for (const folder of folders) expect(await readdir(join(tmpdir(), folder))).toEqual([]);
  });

  it("may take longer in all than they may be idle", async () => {
    const { server } = await openServer(await makeFolder(), { uploadLimits: { ...ROOM, idleMs: 2_000 } });
    const sent = startUpload(server, "a.png");
    for (let part = 0; part < 6; part += 1) {
      sent.write("x".repeat(5));
      await sleep(500);
    }
    sent.end();
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    expect(answer.statusCode).toBe(200);
    answer.resume();
  });

  it("are taken by POST only", async () => {
    const { server } = await openServer(await makeFolder());
    expect((await ask(server.port, toUploadPath("a.png", server.token))).status).toBe(405);
  });
});
