import { expect, it } from "vitest";

import { withPlace } from "#renderer/components/settingsForm/withPlace.ts";

it("names the site in the command, and nothing for this computer", () => {
  expect(withPlace("hinas search --data mine", "cluster")).toBe("hinas search --data mine --on cluster");
  expect(withPlace("hinas search --data mine", "")).toBe("hinas search --data mine");
  expect(withPlace("", "cluster")).toBe("");
});
