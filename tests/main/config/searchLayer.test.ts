import { expect, it } from "vitest";

import { searchLayer, singlesLayer } from "#main/config/layerSources.ts";
import { resolveConfig } from "#main/config/resolveConfig.ts";
import { searchConfigSchema } from "#shared/runs/config.ts";
import { testPartSchema } from "#shared/runs/testPartSchema.ts";

const { space } = searchConfigSchema.parse({ space: { imageChannels: 3 } });
const test = testPartSchema.parse({ kind: "list", names: ["a.png"] });

it("a training takes over the frame and the test part of its search, unless it says else", () => {
  const taken = resolveConfig("train", [searchLayer("RUN", space, test)]);
  expect(taken.settings).toMatchObject({ network: { imageChannels: 3 }, data: { test } });
  expect(taken.placeOf("data.test.names")).toBe("search RUN");
  const flag = { path: "data.test", value: { kind: "count", photos: 4 }, place: "--test 4" };
  const said = resolveConfig("train", [searchLayer("RUN", space, test), singlesLayer("flag", [flag])]);
  expect(said.settings.data.test).toEqual({ kind: "count", photos: 4, seed: 0 });
  expect(resolveConfig("train", [searchLayer("RUN", space)]).settings.data.test).toEqual({ kind: "none" });
});
