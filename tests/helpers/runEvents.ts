import type { EventOf, RunEvent, RunState } from "#shared/runs/runEvent.ts";

import { buildCandidate } from "./runFixtures.ts";
import { TINY_GENOTYPE } from "./tinyGenotype.ts";

const time = "2026-01-02T03:04:05.000Z";

/** A step event whose loss is one over its step. */
export function stepEvent(step: number): EventOf<"step"> {
  return {
    time,
    type: "step",
    step,
    totalSteps: 1000,
    epoch: step / 10,
    loss: 1 / (step + 1),
    learningRate: 0.1,
    secondsPerStep: 0.5,
    residentMb: 100,
    tensors: 7,
  };
}

export function logEvent(message: string): EventOf<"log"> {
  return { time, type: "log", level: "info", message };
}

export function stateEvent(state: RunState): RunEvent {
  return { time, type: "state", state };
}

export function candidateEvent(step: number): EventOf<"candidate"> {
  return { time, type: "candidate", epoch: step / 10, genotype: TINY_GENOTYPE, ...buildCandidate(step) };
}

export function resumedEvent(step: number): EventOf<"resumed"> {
  return { time, type: "resumed", step };
}
