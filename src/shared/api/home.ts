import { takes } from "./procedure.ts";
import type { RunSummary } from "./runs.ts";
import type { Task } from "./tasks.ts";

/** How busy the computer is. */
export interface DeviceLoad {
  /** Share of all cores that was busy since the last look, 0..1; null at the first look. */
  readonly cpuShare: number | null;
  readonly cores: number;
  readonly memoryUsedMb: number;
  /** Bounded by the container where there is one. */
  readonly memoryTotalMb: number;
  /** Room left where the lab keeps its files; null where the system does not tell. */
  readonly diskFreeMb: number | null;
}

/** A search or a training by its id. */
export type StepRun = Pick<RunSummary, "kind" | "id">;

/** The next sensible thing to do; ids name what it is about. */
export type NextStep =
  | { readonly kind: "try_demo" }
  | { readonly kind: "add_photos" }
  | { readonly kind: "watch"; readonly run: StepRun }
  | { readonly kind: "resume"; readonly run: StepRun }
  | { readonly kind: "search" }
  | { readonly kind: "derive"; readonly runId: string }
  | { readonly kind: "train"; readonly hash: string; readonly search: string }
  | { readonly kind: "evaluate"; readonly runId: string }
  | { readonly kind: "denoise"; readonly runId: string };

export interface Overview {
  /** Runs at work or waiting, in the order in which they began. */
  readonly active: readonly RunSummary[];
  /** The newest others. */
  readonly recent: readonly RunSummary[];
  /** Tasks at work or waiting. */
  readonly tasks: readonly Task[];
  readonly counts: {
    readonly datasets: number;
    readonly searches: number;
    readonly architectures: number;
    readonly models: number;
    readonly evaluations: number;
  };
  readonly nextStep: NextStep;
  readonly load: DeviceLoad;
}

/** The demo's presets: plain JavaScript gets the smaller one. */
export type DemoPreset = "demo" | "demo-cpu";

export const homeProcedures = {
  getOverview: takes().gives<Overview>(),
  /** Starts the engine to see which one runs; the first time that may mean to install it, which takes minutes. */
  chooseDemoPreset: takes().gives<DemoPreset>(),
};
