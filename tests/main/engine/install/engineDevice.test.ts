import { describe, expect, it } from "vitest";

import { withEngineDevice } from "#main/engine/install/engineDevice.ts";
import { engineDeviceSchema } from "#shared/api/engineDevice.ts";

const CARDS = ["a card", "another card"];

describe("the device of the engine", () => {
  it("is left to the engine where nothing was chosen", () => {
    expect(withEngineDevice({ A: "1" }, "auto", CARDS)).toEqual({ A: "1" });
  });

  it("hides all cards where the processor was chosen", () => {
    expect(withEngineDevice({ A: "1" }, "cpu", CARDS)).toEqual({ A: "1", CUDA_VISIBLE_DEVICES: "-1" });
  });

  it("shows one card alone, numbered as nvidia-smi numbers it", () => {
    expect(withEngineDevice({}, "gpu:1", CARDS)).toEqual({
      CUDA_DEVICE_ORDER: "PCI_BUS_ID",
      CUDA_VISIBLE_DEVICES: "1",
    });
  });

  it.each([
    [[], "gpu:2 was chosen to compute on, and this computer has no such card: nvidia-smi finds none"],
    [CARDS, "gpu:2 was chosen to compute on, and this computer has no such card: there are 2, counted from 0"],
  ])("refuses a card that is not there, of %j", (cards, message) => {
    expect(() => withEngineDevice({}, "gpu:2", cards)).toThrow(message);
  });

  it("is auto, cpu, or a card by its number", () => {
    const accepted = ["auto", "cpu", "gpu:0", "gpu:12", "gpu", "gpu:-1", "gpu:1.5", "tpu"].filter(
      (text) => engineDeviceSchema.safeParse(text).success,
    );
    expect(accepted).toEqual(["auto", "cpu", "gpu:0", "gpu:12"]);
  });
});
