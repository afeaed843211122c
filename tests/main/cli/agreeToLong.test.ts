import { expect, it } from "vitest";

import { agreeToLong } from "#main/cli/agreeToLong.ts";
import { createTerminal } from "#main/cli/terminal.ts";
import type { CostEstimate } from "#shared/api/settings.ts";

const HOUR = 3600;

/** Agrees to a job of which is known roughly, and exactly, how long it takes; nobody is there to ask. */
async function agree(roughHours: number, timedHours: number, isAgreed: boolean) {
  let talk = "";
  const stream = { write: (text: string) => (talk += text) };
  const terminal = createTerminal({ stdout: stream, stderr: stream, quiet: false, verbose: false, color: false });
  const estimate = (seconds: number, timed: CostEstimate["basis"]["timed"]) =>
    ({ totalSeconds: seconds, usualSeconds: 1, basis: { isSameSize: false, timed } }) as CostEstimate;
  let times = 0;
  const lab = {
    estimateCost: async () => estimate(roughHours * HOUR, null),
    timeJob: async () => {
      times += 1;
      return estimate(timedHours * HOUR, "alone");
    },
  };
  const surroundings = { isAttended: false } as Parameters<typeof agreeToLong>[3]["surroundings"];
  const job = { kind: "search", settings: {}, genotype: null } as const;
  await agreeToLong(lab, job, isAgreed, { terminal, surroundings });
  return { talk, times };
}

it("refuses what takes more than a day where nobody can be asked, by the job's own steps", async () => {
  await expect(agree(20, 321, false)).rejects.toMatchObject({
    kind: "bad_config",
    message: expect.stringContaining("--yes"),
  });
});

it("tells how long it takes and goes on where somebody agreed beforehand", async () => {
  const { talk } = await agree(20, 321, true);
  expect(talk).toContain("about 13 d 09 h here, by steps of this very network");
});

it("times nothing that is surely short, and says nothing of it", async () => {
  expect(await agree(1, 321, false)).toEqual({ talk: "", times: 0 });
  expect(await agree(20, 5, false)).toEqual({ talk: "", times: 1 });
});
