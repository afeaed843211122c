import { expect, it } from "vitest";

import { tryDevices } from "#main/compute/doctor/tryDevices.ts";
import { ONNX_DEVICES } from "#shared/api/denoising.ts";

it("tells of everything that onnxruntime may compute on whether it does here, and why not", async () => {
  const facts = await tryDevices();
  expect(facts.map(({ device }) => device)).toEqual(ONNX_DEVICES);
  expect(facts[0]).toEqual({ device: "cpu", ok: true, detail: "works" });
  const absent = facts.find(({ device }) => device === (process.platform === "win32" ? "coreml" : "dml"));
  expect(absent).toMatchObject({
    ok: false,
    detail: expect.stringMatching(/^onnxruntime has no (DirectML|Core ML) on/),
  });
});
