import { describe, expect, it } from "vitest";

import { LabError } from "#shared/labError.ts";
import { canHelpToRetry, inWords, tellFailure } from "#renderer/lab/inWords.ts";

describe("a message of the lab in the window", () => {
  it("begins with what is wrong, not with where in the program it was found", () => {
    expect(inWords("denoise: photos of the built-in set are not files; look at them instead")).toBe(
      "Photos of the built-in set are not files; look at them instead",
    );
    expect(inWords('toNoisy: noise "paired" needs a noisy photo')).toBe('Noise "paired" needs a noisy photo');
    expect(inWords("startDenoise: inputs must be given\nstartDenoise: models must be a list")).toBe(
      "Inputs must be given\nModels must be a list",
    );
  });

  it("begins as a sentence where its first word is one of the language", () => {
    expect(inWords("run 01M8 is finished")).toBe("Run 01M8 is finished");
    expect(inWords("the lab was closed")).toBe("The lab was closed");
    expect(tellFailure(new LabError("busy", "a job runs already"))).toBe("A job runs already");
    expect(inWords("asked to stop at step 5")).toBe("Asked to stop at step 5");
    expect(inWords("diverged at step 2: loss no longer finite")).toBe("Diverged at step 2: loss no longer finite");
    expect(inWords("stopped early at step 2: no gain")).toBe("Stopped early at step 2: no gain");
    expect(inWords("edit: layers must differ")).toBe("Layers must differ");
    expect(tellFailure("gone")).toBe("gone");
  });

  it("keeps paths, names and settings as they are written", () => {
    expect(inWords("/photos/a.png is no photo")).toBe("/photos/a.png is no photo");
    expect(inWords("settings: data.dataset must be one of sample, got x")).toBe(
      "data.dataset must be one of sample, got x",
    );
    expect(inWords("leaf.png: it is damaged")).toBe("leaf.png: it is damaged");
    expect(inWords("sample has no photo a.png")).toBe("sample has no photo a.png");
  });
});

describe("trying again", () => {
  it("helps where the trouble may pass, and not where what was asked for is wrong", () => {
    expect(canHelpToRetry(new LabError("interrupted", "the connection was lost"))).toBe(true);
    expect(canHelpToRetry(new TypeError("failed to fetch"))).toBe(true);
    expect(canHelpToRetry(new LabError("not_found", "there is no such run"))).toBe(false);
    expect(canHelpToRetry(new LabError("bad_data", "no photo"))).toBe(false);
  });
});
