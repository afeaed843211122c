import type { CandidateSettings } from "#shared/runs/strategySchema.ts";

import { type AskTell, type AskTellStart, type Method, openAskTell } from "./askTell.ts";
import { searchBayesian } from "./bayesian.ts";
import { evolve, holdTournament } from "./evolution.ts";
import { searchLocally } from "./localSearch.ts";
import { reinforce } from "./reinforce.ts";

/** Opens a strategy by its settings. Throws LabError bad_config for a space that it cannot take. */
export function openStrategy<A>(start: AskTellStart<A>, settings: CandidateSettings): AskTell<A> {
  return openAskTell(start, openMethod(start, settings));
}

function openMethod<A>(start: AskTellStart<A>, settings: CandidateSettings): Method<A> {
  switch (settings.kind) {
    case "random":
      return { propose: (soFar, random) => soFar.sampleNew(random) };
    case "evolution":
      return { propose: (soFar, random) => evolve(soFar, settings, random) };
    case "tournament":
      return { propose: (soFar, random) => holdTournament(soFar, settings, random) };
    case "local_search":
      return searchLocally(start);
    case "reinforce":
      return reinforce(start, settings);
    case "bayesian":
      return searchBayesian(start, settings);
  }
}
