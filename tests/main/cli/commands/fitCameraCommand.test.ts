import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { makeBench } from "#tests/main/cli/bench.ts";
import { makeScene, SHOT_NOISE, writeBurst, writeGrey16 } from "#tests/helpers/cameraShots.ts";

describe("hinas fit-camera", () => {
  it("prints the line and its levels, and keeps the profile by name", async () => {
    const { run, folder } = await makeBench();
    await writeBurst(folder, 2);
    const { code, stdout, stderr } = await run(["fit-camera", "shot-0.png", "shot-1.png", "--save", "tripod"]);
    expect({ code, way: /^way +(.*)$/m.exec(stdout)?.[1] }).toEqual({ code: 0, way: "burst" });
    const gain = Number(/^gain +(\S+)$/m.exec(stdout)?.[1]);
    expect(Math.abs(gain / SHOT_NOISE.gain - 1)).toBeLessThan(0.1);
    expect(stdout).toMatch(/BRIGHTNESS +VARIANCE +FITTED +PLACES/);
    expect(stderr).toContain("Kept as the noise profile tripod.");
    const assignments = stderr.match(/--set \S+/g)?.flatMap((option) => option.split(" ")) ?? [];
    const rendered = await run(["config", "render", "train", ...assignments]);
    expect(rendered.stdout).toContain(`gain: ${gain}`);
  });

  it("answers as JSON with the fit and the profile", async () => {
    const { run, folder } = await makeBench();
    await writeBurst(folder, 1);
    await writeGrey16(join(folder, "clean.png"), makeScene(256));
    const { stdout } = await run(["fit-camera", "shot-0.png", "clean.png", "--save", "night", "--json"]);
    const { fit, profile } = JSON.parse(stdout) as { fit: { noise: object }; profile: object };
    expect(fit).toMatchObject({ way: "pair", clean: "clean.png", isWhite: true, isPoor: false });
    expect(profile).toMatchObject({ name: "night", noise: fit.noise });
  });

  it("refuses what cannot be fitted with the exit code of bad data, and keeps nothing", async () => {
    const { run, folder } = await makeBench();
    await writeBurst(folder, 1);
    const twice = await run(["fit-camera", "shot-0.png", "shot-0.png", "--save", "none"]);
    expect(twice).toMatchObject({ code: 3, stdout: "" });
    expect(twice.stderr).toContain("same file twice");
    expect((await run(["fit-camera", "shot-0.png", "--way", "film"])).code).toBe(2);
  });
});
