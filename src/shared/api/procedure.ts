import type { z } from "zod";

/** One question that a window may ask: what it takes, checked at the door, and what the answer is. */
export interface Procedure<Args extends readonly z.ZodType[], Answer> {
  /** One schema per argument. */
  readonly args: Args;
  /** Never there: it only carries the answer's type. */
  readonly answer?: Answer;
}

type Taken<Args> = { -readonly [I in keyof Args]: Args[I] extends z.ZodType ? z.output<Args[I]> : never };
type Given<Args> = { -readonly [I in keyof Args]: Args[I] extends z.ZodType ? z.input<Args[I]> : never };

/** The functions that answer a table of procedures; their arguments are checked already. */
export type Answering<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Procedure<infer Args, infer Answer>
    ? (...args: Taken<Args>) => Promise<Answer>
    : never;
};

/** The functions by which a table of procedures is asked; what has a default may be left out. */
export type Asking<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Procedure<infer Args, infer Answer>
    ? (...args: Given<Args>) => Promise<Answer>
    : never;
};

/** Describes a procedure: `takes(z.string()).gives<RunSummary>()`, or `takes(z.string()).givesNothing()`. */
export function takes<const Args extends readonly z.ZodType[]>(...args: Args) {
  return {
    gives: <Answer>(): Procedure<Args, Answer> => ({ args }),
    givesNothing: (): Procedure<Args, void> => ({ args }),
  };
}
