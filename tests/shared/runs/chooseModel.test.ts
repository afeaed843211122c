import { describe, expect, it } from "vitest";

import { chooseModel, listMisfits, type PhotoFacts } from "#shared/runs/chooseModel.ts";
import type { ModelCard } from "#shared/runs/modelCard.ts";
import { networkSettingsSchema } from "#shared/space/spaces/networkPlan.ts";

import { TINY_GENOTYPE } from "#tests/helpers/tinyGenotype.ts";

interface Wish extends Partial<Pick<ModelCard, "noise" | "trainedSigma255">> {
  readonly imageChannels?: 1 | 3;
  readonly filters?: number;
}

function makeCard(name: string, { imageChannels = 1, filters = 8, ...wish }: Wish = {}): ModelCard {
  return {
    schema: "hinas.model",
    version: 1,
    name,
    hash: "0".repeat(64),
    genotype: TINY_GENOTYPE,
    network: networkSettingsSchema.parse({ imageChannels, filters, noiseMap: true }),
    found: "",
    data: null,
    noise: "gaussian",
    trainedSigma255: { from: 0, to: 75 },
    recipe: "",
    figures: [],
    coreHours: { search: null, training: null, tuning: null },
    commands: [],
    createdAt: "2026-11-25T00:00:00.000Z",
    ...wish,
  };
}

const CARDS = [
  makeCard("grey"),
  makeCard("colour", { imageChannels: 3 }),
  makeCard("fast", { imageChannels: 3, filters: 2 }),
  makeCard("camera", { imageChannels: 3, noise: "paired", trainedSigma255: null }),
];
const PHOTO: PhotoFacts = { channels: 3, megapixels: 2, sigma255: 20, isSigmaGiven: false, hasCameraNoise: false };

describe("chooseModel", () => {
  it.each<[string, Partial<PhotoFacts>]>([
    ["grey", { channels: 1 }],
    ["colour", {}],
    ["fast", { megapixels: 24 }],
    ["camera", { hasCameraNoise: true }],
    ["camera", { hasCameraNoise: true, megapixels: 24 }],
    ["grey", { channels: 1, hasCameraNoise: true }],
  ])("takes %s for %j, in whatever order the models come", (name, facts) => {
    for (const cards of [CARDS, CARDS.toReversed()]) {
      expect(chooseModel(cards, { ...PHOTO, ...facts })?.card.name).toBe(name);
    }
  });

  it("takes the model whose range of noise is nearest", () => {
    const cards = [
      makeCard("low", { trainedSigma255: { from: 0, to: 15 } }),
      makeCard("mid", { trainedSigma255: { from: 25, to: 25 } }),
    ];
    const choose = (sigma255: number) => chooseModel(cards, { ...PHOTO, sigma255 })?.card.name;
    expect([3, 19, 21, 60].map(choose)).toEqual(["low", "low", "mid", "mid"]);
  });

  it("takes a model for the other channels where there is none for the photo's, and none where there is none at all", () => {
    expect(chooseModel([makeCard("grey")], PHOTO)?.card.name).toBe("grey");
    expect(chooseModel([], PHOTO)).toBeNull();
  });

  it("says why", () => {
    expect(chooseModel(CARDS, PHOTO)?.why).toBe(
      "colour, trained for colour pictures and gaussian noise from 0 to 75, for a colour photo with noise of about 20",
    );
  });
});

describe("listMisfits", () => {
  it("says nothing where all fits, and where an estimate is hardly beyond the range", () => {
    expect(listMisfits(makeCard("grey"), { ...PHOTO, channels: 1 })).toEqual([]);
    expect(listMisfits(makeCard("grey"), { ...PHOTO, channels: 1, sigma255: 80 })).toEqual([]);
  });

  it("says what is other than the model's", () => {
    const given = { ...PHOTO, sigma255: 90, isSigmaGiven: true };
    expect(listMisfits(makeCard("grey"), given)).toEqual([
      "grey is for grey pictures: the photo's red, green and blue are denoised one by one",
      "the photo is said to have noise 90, and grey was trained for 0 to 75",
    ]);
    expect(listMisfits(makeCard("colour", { imageChannels: 3 }), { ...PHOTO, channels: 1 })).toEqual([
      "colour is for colour: the grey photo goes in as three equal channels, and comes out grey",
    ]);
  });
});
