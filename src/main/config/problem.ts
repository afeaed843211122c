import { LabError } from "#shared/api/labError.ts";

/** One thing that is wrong with the settings: where it was written, and what is wrong. */
export interface Problem {
  readonly place: string;
  readonly what: string;
}

/** Makes one error of all problems, one line each. Throws nothing itself; the caller throws the result. */
export function toConfigError(problems: readonly Problem[]): LabError {
  const lines = new Set(problems.map((problem) => `config: ${problem.place}: ${problem.what}`));
  return new LabError("bad_config", [...lines].join("\n"));
}

/** Shows a value as a person would write it in a settings file, shortened to 60 characters. */
export function showValue(value: unknown): string {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
