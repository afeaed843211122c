import { describe, expect, it } from "vitest";

import { decodeModel, encodeModel, hashNetwork, type ModelFormat } from "#main/compute/network/modelFile.ts";
import { LabError } from "#shared/labError.ts";
import type { ModelCard } from "#shared/runs/modelCard.ts";
import { networkSettingsSchema } from "#shared/space/spaces/networkPlan.ts";

import { drawNetwork, SMALL_PLAN } from "./tinyNetwork.ts";

const FORMATS = ["safetensors", "onnx"] as const;
const network = drawNetwork(SMALL_PLAN);
const { genotype, ...settings } = SMALL_PLAN;
const card: ModelCard = {
  schema: "hinas.model",
  version: 1,
  name: "small",
  hash: hashNetwork(network),
  genotype,
  network: networkSettingsSchema.parse(settings),
  found: "",
  data: null,
  noise: null,
  trainedSigma255: null,
  recipe: "",
  figures: [],
  coreHours: { search: null, training: null, tuning: null },
  commands: [],
  createdAt: "2026-11-29T00:00:00.000Z",
};
const fileOf = (format: ModelFormat) => encodeModel({ network, card }, format);

function refusalOf(bytes: Uint8Array, format: ModelFormat): LabError {
  try {
    decodeModel(bytes, format, `model.${format}`);
  } catch (error) {
    if (error instanceof LabError) return error;
    throw error;
  }
  throw new Error("not refused");
}

describe.each(FORMATS)("a model's file as %s", (format) => {
  it("gives network and card back", () => {
    expect(decodeModel(fileOf(format), format, "x").card).toEqual(card);
  });

  it.each<[string, Uint8Array]>([
    ["nothing at all", new Uint8Array()],
    ["a text", Buffer.from("This is no model, but a letter to a friend.")],
    ["a PNG picture", Buffer.from("89504e470d0a1a0a0000000d4948445200000001", "hex")],
    ["a ZIP archive", Buffer.from("504b0304140000000800", "hex")],
    ["the other format", fileOf(format === "onnx" ? "safetensors" : "onnx")],
  ])("is refused where it is %s, by a sentence that names it", (_, bytes) => {
    const { kind, message } = refusalOf(bytes, format);
    expect(kind).toBe("bad_checkpoint");
    expect(message).toMatch(/model\.(onnx|safetensors).* must /);
  });

  it("is refused where it is cut anywhere, and never taken for another network", () => {
    const whole = fileOf(format);
    for (let at = 1; at < whole.length; at += Math.ceil(whole.length / 97)) {
      expect(refusalOf(whole.slice(0, at), format).kind).toBe("bad_checkpoint");
    }
  });

  it("is refused where numbers in it are none", () => {
    const parameters = network.parameters.map((value, index) => (index === 7 ? NaN : value));
    const bytes = encodeModel({ network: { ...network, parameters }, card: null }, format);
    const { kind, message } = refusalOf(bytes, format);
    expect(kind).toBe("bad_checkpoint");
    expect(message).toMatch(/finite|NaN/);
  });

  it("is refused where its card is another network's", () => {
    const other = drawNetwork(SMALL_PLAN, 2);
    const { kind, message } = refusalOf(encodeModel({ network: other, card }, format), format);
    expect(kind).toBe("bad_checkpoint");
    expect(message).toContain(`must hold the network ${card.hash.slice(0, 8)} of its card`);
  });

  it("is refused where its card is of a later version", () => {
    const later = { ...card, version: 7 } as unknown as ModelCard;
    expect(refusalOf(encodeModel({ network, card: later }, format), format).message).toContain("card.version");
  });
});
