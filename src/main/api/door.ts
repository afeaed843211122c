import type { z } from "zod";

import { type DescribedIssue, describeIssue } from "#main/config/describeIssue.ts";
import { PROCEDURES, type ProcedureName } from "#shared/api/contract.ts";
import { LabError } from "#shared/labError.ts";
import type { Answering } from "#shared/api/procedure.ts";

/** The functions behind the door; their arguments are checked already. */
export type Answers = Answering<typeof PROCEDURES>;

/** What a window calls: any function of the contract, with anything. */
export type DoorFunctions = Readonly<Record<ProcedureName, (...args: unknown[]) => Promise<unknown>>>;

export interface DoorOptions {
  /** Looks at every call with its checked arguments and throws where it goes too far. */
  readonly guard: (name: ProcedureName, args: readonly unknown[]) => Promise<void>;
  /** Gets what went wrong inside the program; windows only hear that something did. */
  readonly log: (line: string) => void;
}

/**
 * Makes the functions that a window may call: those of the contract and no others, each argument checked. Everything they
 * throw is a LabError or says that it is a fault in the program.
 */
export function openDoor(answers: Answers, { guard, log }: DoorOptions): DoorFunctions {
  const functions = Object.entries(PROCEDURES).map(([key, { args: schemas }]) => {
    const name = key as ProcedureName;
    const answer = answers[name] as (...args: unknown[]) => Promise<unknown>;
    const call = async (...given: unknown[]): Promise<unknown> => {
      try {
        const args = checkArguments(schemas, given);
        await guard(name, args);
        return await answer(...args);
      } catch (error) {
        throw toTellable(name, error, log);
      }
    };
    return [name, call] as const;
  });
  return Object.fromEntries(functions) as DoorFunctions;
}

function checkArguments(schemas: readonly z.ZodType[], given: readonly unknown[]): readonly unknown[] {
  if (given.length > schemas.length) {
    throw new LabError("bad_config", `the lab takes ${schemas.length} values for this, got ${given.length}`);
  }
  return schemas.map((schema, index) => {
    const result = schema.safeParse(given[index]);
    if (result.success) return result.data;
    const problems = result.error.issues.flatMap((issue) => describeIssue(issue, given[index]));
    throw new LabError("bad_config", problems.map(inWords).join("\n"));
  });
}

function toTellable(name: string, error: unknown, log: (line: string) => void): Error {
  if (error instanceof LabError) return error;
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`this is a fault in the program (${name}): ${message}`);
}

/** A finding about a whole value, not a part of it, has no name of its own. */
function inWords({ path, what }: DescribedIssue): string {
  return path.length === 0 ? `what was asked for ${what.trim()}` : what.trim();
}
