import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

import { describe, expect, it } from "vitest";

import { english } from "#renderer/texts/english.ts";
import { WALKTHROUGH_STEPS } from "#renderer/views/walkthrough/walkthroughSteps.ts";

const words = english.walkthrough;
/** Of all pictures together. */
const MOST_BYTES = 1_000_000;

/** The steps of the guide's page, each with its heading, its words without markup, and the names of its pictures. */
function readGuide() {
  const [, ...sections] = readFileSync("docs/walkthrough.md", "utf8").split(/^## /m);
  return sections.map((section) => {
    const [heading = "", ...lines] = section.split("\n");
    const body = lines.join(" ").replaceAll(/[*_`]/g, "").replaceAll(/\s+/g, " ");
    return { heading, body, pictures: [...section.matchAll(/screenshots\/([\w-]+\.png)/g)].map(([, name]) => name) };
  });
}

describe("the walk through the paper in the window", () => {
  it("has the steps of the guide's page, in its words and with pictures of it, for both colours of the window", () => {
    const guide = readGuide();
    const titles = WALKTHROUGH_STEPS.map(({ name }, index) => `${index + 1}. ${words.steps[name].title}`);
    expect(guide.map(({ heading }) => heading)).toEqual(titles);
    for (const [index, { name, picture }] of WALKTHROUGH_STEPS.entries()) {
      expect(guide[index]?.body).toContain(words.steps[name].text);
      expect(picture === null).toBe(words.steps[name].picture === null);
      if (picture === null) continue;
      const [light, dark] = [basename(picture.light), basename(picture.dark)];
      expect(guide[index]?.pictures).toContain(light);
      expect(dark).toBe(light.replace("-light.png", "-dark.png"));
      expect(dark).not.toBe(light);
    }
  });

  it("adds less than a megabyte of pictures", () => {
    const files = WALKTHROUGH_STEPS.flatMap(({ picture }) => Object.values(picture ?? {})); // some have none
    const bytes = files.reduce((sum, file) => sum + statSync(fileURLToPath(file)).size, 0);
    expect(files.length).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(MOST_BYTES);
  });
});
