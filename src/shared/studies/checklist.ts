import type { StudyPlan } from "./study.ts";
import type { StudyResults } from "./studyResults.ts";

/** What a study can say to one point of good practice. */
export interface ChecklistItem {
  readonly point: string;
  /** `ask` where only the author knows. */
  readonly answer: "yes" | "no" | "ask";
  readonly facts: string;
}

/** What the environment of a study's runs tells. */
export interface StudyEnvironment {
  readonly machines: readonly string[];
  readonly engines: readonly string[];
  readonly datasets: readonly string[];
}

/** Fewer seeds leave the interval of a paired bootstrap rough. */
const ENOUGH_SEEDS = 5;

/**
 * Answers what Lindauer and Hutter (JMLR 21, 2020) ask of research on architecture search, from what the study's files say and nothing
 * else; the points are in words of our own.
 */
export function fillChecklist(
  plan: StudyPlan,
  results: StudyResults,
  environment: StudyEnvironment,
): readonly ChecklistItem[] {
  return [
    ...answerReproduction(plan, environment),
    ...answerComparison(plan, results),
    ...answerReport(plan, results, environment),
  ];
}

function answerReproduction(plan: StudyPlan, { datasets, engines }: StudyEnvironment): readonly ChecklistItem[] {
  return [
    {
      point: "Code of search and training is there for others",
      answer: "ask",
      facts: "The kit holds every setting; the program that ran them must be published beside it.",
    },
    {
      point: "The search space is defined completely",
      answer: "yes",
      facts: "configs/ has the space of each cell: layers, nodes, widths, primitives.",
    },
    {
      point: "The final architectures are there",
      answer: "yes",
      facts: "architectures/ has each one found, by its hash.",
    },
    {
      point: "The training pipeline that the final figures rest on is given",
      answer: plan.ends === "search" ? "no" : "yes",
      facts:
        plan.ends === "search"
          ? "The study ends with the search: nothing was trained from scratch, and figures are of the searches' own estimators."
          : "configs/ has the training of each cell: optimiser, schedule, augmentation, noise.",
    },
    {
      point: "Seeds are given",
      answer: "yes",
      facts: `Seeds ${plan.seeds.join(", ")}; each decides search, training and noise of its cells.`,
    },
    {
      point: "Data sets are named and fixed",
      answer: "yes",
      facts: `${datasets.length === 0 ? "None yet" : datasets.join("; ")} (with fingerprints of the photos).`,
    },
    {
      point: "The same machines and software for all that is compared",
      answer: engines.length <= 1 ? "yes" : "no",
      facts: engines.length === 0 ? "Nothing ran yet." : `Engines: ${engines.join("; ")}.`,
    },
  ];
}

function answerComparison(plan: StudyPlan, results: StudyResults): readonly ChecklistItem[] {
  const trainings = new Set(
    plan.cells.map(({ training }) => JSON.stringify(training === null ? null : { ...training, seed: 0, name: "" })),
  );
  const hasRandomStrategy = plan.cells.some(({ search }) => search?.search.strategy.kind === "random");
  const hasControl = plan.arms.some(({ controlOf }) => controlOf !== null);
  return [
    {
      point: "All methods are judged on the same data by the same protocol",
      answer: trainings.size <= 1 && plan.ends !== "search" ? "yes" : "no",
      facts:
        plan.ends === "search"
          ? "Searches are judged by their own estimators, which do not compare."
          : `${trainings.size} different ${trainings.size === 1 ? "set" : "sets"} of training settings, seeds aside.`,
    },
    {
      point: "Random search or random architectures stand beside the methods",
      answer: hasRandomStrategy || hasControl ? "yes" : "no",
      facts: `${hasRandomStrategy ? "One arm searches at random. " : ""}${hasControl ? "Random architectures of the same multiply-adds were trained alike." : "No random control was trained."}`,
    },
    {
      point: "Several runs of each method, with their spread",
      answer: plan.seeds.length > 1 ? "yes" : "no",
      facts: `${plan.seeds.length} ${plan.seeds.length === 1 ? "seed" : "seeds"}; mean, standard deviation and 95 % band in results.json${plan.seeds.length < ENOUGH_SEEDS ? "; with so few the intervals are rough" : ""}.`,
    },
    {
      point: "Differences are tested",
      answer: results.comparisons.length > 0 ? "yes" : "no",
      facts: `${results.comparisons.length} paired bootstrap comparisons over seeds, without correction for their number.`,
    },
    {
      point: "Quality is shown over time, not only at the end",
      answer: results.curves.length > 0 ? "yes" : "no",
      facts: results.curves.length > 0 ? "figures/anytime.svg." : "No search has scored anything yet.",
    },
    {
      point: "What the parts of a method bring is told apart (ablation)",
      answer: "ask",
      facts: `Arms of the study: ${plan.arms.map(({ name }) => name).join("; ")}.`,
    },
  ];
}

function answerReport(
  plan: StudyPlan,
  results: StudyResults,
  { machines }: StudyEnvironment,
): readonly ChecklistItem[] {
  const failed = results.cells.filter(({ state }) => state === "failed").length;
  return [
    {
      point: "How settings were tuned, and what that cost",
      answer: plan.tuning === null ? "ask" : "yes",
      facts:
        plan.tuning === null
          ? "The study does not say (tuning.coreHours)."
          : `${plan.tuning.coreHours} core-hours before the study. ${plan.tuning.note}`.trim(),
    },
    {
      point: "The time of the whole method, not only of its last part",
      answer: "yes",
      facts: `${results.coreHours.runs.toFixed(2)} core-hours for all runs, those that failed or that a kill made void too.`,
    },
    {
      point: "The machines are described",
      answer: machines.length > 0 ? "yes" : "no",
      facts:
        machines.length > 0 ? `${machines.join("; ")}; environment/ has one file for each run.` : "Nothing ran yet.",
    },
    {
      point: "Failures are told",
      answer: "yes",
      facts: `${failed} of ${results.cells.length} cells failed.`,
    },
  ];
}

/** Writes the checklist as Markdown. */
export function toChecklistText(items: readonly ChecklistItem[]): string {
  const answers = { yes: "yes", no: "no", ask: "for the author to say" } as const;
  return [
    "# Good practice of architecture search",
    "",
    "Points after M. Lindauer and F. Hutter, Best Practices for Scientific Research on Neural Architecture Search, JMLR 21 (2020), in",
    "other words. Answers come from the study's files alone.",
    "",
    "| point | answer | facts |",
    "| --- | --- | --- |",
    ...items.map(
      ({ point, answer, facts }) =>
        `| ${point} | ${answers[answer]} | ${facts.replaceAll("|", "\\|").replaceAll("\n", " ")} |`,
    ),
    "",
  ].join("\n");
}
