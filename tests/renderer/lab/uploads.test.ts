// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from "vitest";

import { connectLab } from "#renderer/lab/labApi.ts";

afterEach(() => void vi.unstubAllGlobals());

/** Sends a photo to a server that answers so. */
function upload(answer: object): Promise<string> {
  vi.stubGlobal("fetch", async () => Response.json(answer));
  vi.stubGlobal("hinas", {
    origin: "hinas://app",
    postMessage: () => undefined,
    onMessage: () => undefined,
    getPathForFile: () => "",
  });
  return connectLab().uploadPhoto(new File([], "cat.png"), new AbortController().signal);
}

it("takes the photo's place from the answer, and refuses one that names none", async () => {
  expect(await upload({ path: "/uploads/cat.png" })).toBe("/uploads/cat.png");
  await expect(upload({ file: "/uploads/cat.png" })).rejects.toThrow("upload cat.png: the answer must name");
});
