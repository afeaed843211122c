import type { ProgramResult, ProgramStart } from "./runProgram.ts";

/** What a worker script is started with. */
export interface WorkerStart {
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly execArgv: readonly string[];
}

/** A program that is kept, and told by lines what to do. */
export interface KeptStart extends Omit<ProgramStart, "timeoutMs"> {
  /** What is said to it that it may end. */
  readonly farewell: string;
}

/** What the starter is asked to do with the process of a number; each number is used for one process. */
export type StarterOrder = { readonly id: number } & (
  | ({ readonly kind: "start" } & WorkerStart)
  | ({ readonly kind: "open" } & KeptStart)
  | { readonly kind: "send"; readonly message: unknown }
  | { readonly kind: "disconnect" | "kill" }
  | ({ readonly kind: "run" } & ProgramStart)
  | { readonly kind: "stop" }
);

/** What the starter tells of the process of a number. */
export type StarterNews = { readonly id: number } & (
  | { readonly kind: "started"; readonly pid: number | null }
  | { readonly kind: "message"; readonly message: unknown }
  | { readonly kind: "line"; readonly line: string }
  | { readonly kind: "ended"; readonly how: string }
  | { readonly kind: "result"; readonly result: ProgramResult }
);
