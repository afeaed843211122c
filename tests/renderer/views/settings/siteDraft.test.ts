import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { siteProfileSchema } from "#shared/runs/siteProfile.ts";
import { FIRST_PROFILE, readProfile, setField, setKind } from "#renderer/views/settings/siteDraft.ts";

describe("the draft of a site", () => {
  it("begins with a profile that the lab takes", () => {
    expect(siteProfileSchema.parse(parse(FIRST_PROFILE)).kind).toBe("slurm");
  });

  it("sets fields and leaves every other line and comment", () => {
    const yaml = setField(`${FIRST_PROFILE}# ours\npreamble: [module load cuda]\n`, "cpus", "8");
    expect(yaml).toContain("# ours\npreamble: [ module load cuda ]");
    expect(siteProfileSchema.parse(parse(yaml))).toMatchObject({ cpus: 8, preamble: ["module load cuda"] });
    expect(readProfile(yaml)?.fields.get("cpus")).toBe("8");
    expect(setField(yaml, "cpus", " ")).not.toContain("cpus");
  });

  it("makes a cluster a plain computer, and back", () => {
    const plain = setKind(setField(FIRST_PROFILE, "partition", "gpu"), "ssh");
    expect(siteProfileSchema.parse(parse(plain)).kind).toBe("ssh");
    expect(readProfile(plain)?.kind).toBe("ssh");
    expect(siteProfileSchema.parse(parse(setKind(plain, "slurm")))).toMatchObject({ kind: "slurm", time: "12:00:00" });
  });

  it.each(["", "host: [", "just words"])("keeps a text without keys as it is: %j", (text) => {
    expect(readProfile(text)).toBeNull();
    expect(setField(text, "host", "cluster")).toBe(text);
    expect(setKind(text, "ssh")).toBe(text);
  });
});
