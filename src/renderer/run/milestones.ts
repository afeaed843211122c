import type { EventOf } from "#shared/runs/runEvent.ts";
import { formatInteger, formatPsnr, formatSsim } from "#renderer/format/numbers.ts";
import { inWords } from "#renderer/lab/inWords.ts";
import { texts } from "#renderer/texts/texts.ts";

import type { RunHistory } from "./runHistory.ts";

type Line = EventOf<"log">;

/** Lines stay the same objects, so that a list of them keeps its elements. */
const known = new WeakMap<object, Line>();

/**
 * Lists what a run said, and between that, by time, what happened to it: that it began, each validation that was the best so far, and
 * its newest state.
 */
export function listMilestones({
  log,
  validations,
  state,
  startMs,
  steps,
}: Pick<RunHistory, "log" | "validations" | "state" | "startMs" | "steps">): readonly Line[] {
  const words = texts.cockpit.milestones;
  const began = startMs === null ? [] : [lineOf(steps, new Date(startMs).toISOString(), "info", words.began)];
  const bests = validations
    .filter(({ isBest }) => isBest)
    .map((event) => {
      const { step, time, validation } = event;
      const best = words.best(formatPsnr(validation.psnrDb), formatSsim(validation.ssim), formatInteger(step));
      return lineOf(event, time, "info", best);
    });
  const states = state === null ? [] : [lineOf(state, state.time, levelOf(state), describeState(state))];
  return [...began, ...log, ...bests, ...states].toSorted((a, b) => a.time.localeCompare(b.time));
}

function lineOf(source: object, time: string, level: Line["level"], message: string): Line {
  const line = known.get(source) ?? { type: "log", time, level, message };
  known.set(source, line);
  return line;
}

function levelOf({ state }: EventOf<"state">): Line["level"] {
  if (state === "failed") return "error";
  return state === "interrupted" ? "warning" : "info";
}

function describeState({ state, reason }: EventOf<"state">): string {
  const name = texts.runStates[state];
  return reason === undefined ? name : `${name}: ${inWords(reason)}`;
}
