import { setInterval } from "node:timers";
import { setImmediate } from "node:timers/promises";

import { serveHost } from "#main/compute/channel.ts";
import type { ComputeFunctions } from "#main/compute/protocol.ts";
import { LabError } from "#shared/labError.ts";
import type { Photo } from "#shared/image/photo.ts";

const picture = (value: number): Photo => ({
  width: 2,
  height: 1,
  channels: 1,
  data: new Float32Array([value, -0.25]),
});

/** A compute process without an engine, for tests of the host: each function does something that a test can see. */
const functions: ComputeFunctions = {
  describeEngine: () =>
    Promise.resolve({
      backend: "tensorflow",
      tensorflowVersion: process.env["MARK"] ?? null,
      device: "test",
      isGpu: false,
      oneDnn: false,
      dilatedConvolution: "native",
      fallbackReason: process.env["FALLBACK_REASON"] ?? null,
      routes: [],
    }),
  selfTest: () => Promise.reject(new TypeError("a bug")),
  clearPhotos: () => Promise.resolve(),
  /** Does what the terminal does on Ctrl-C. */
  addPhoto: async () => {
    process.kill(process.pid, "SIGINT");
    await setImmediate();
  },
  /** Tells three events, before the last one shows a sample, and then answers. */
  search: () => {
    for (const step of [1, 2, 3]) {
      if (step === 3) tell.onSample({ step, epoch: 1, noisy: picture(1.5), denoised: picture(0.1), clean: picture(0) });
      tell.onEvent({ type: "checkpoint", step, kind: "last", file: "c" });
    }
    return Promise.resolve({ kind: "stopped", step: 3 });
  },
  /** Waits until the host has settled, and then for ever. */
  train: async () => {
    await tell.settle();
    return new Promise(() => undefined);
  },
  loadNetwork: (file) => Promise.reject(new LabError("bad_checkpoint", `checkpoint ${file}: damaged`)),
  inspectModel: () => Promise.reject(new Error("none")),
  exportModel: () => Promise.reject(new Error("none")),
  tryDevices: () => Promise.resolve([]),
  measureEngines: () => Promise.reject(new Error("none")),
  timeSteps: () => Promise.reject(new Error("none")),
  denoise: (input, target) => {
    tell.onTile(1, 2);
    return Promise.resolve({ ...input, file: target });
  },
  control: (want) => {
    if (want === "stop") process.exit(7);
    if (want === "pause") setInterval(() => undefined, 1000);
    process.stderr.write("one line\nand half");
    return Promise.resolve();
  },
  peakResidentMb: () => {
    for (;;);
  },
};

const tell = serveHost(functions);
