import { LabError } from "#shared/labError.ts";

/** One thing that is wrong with the settings: where it was written, and what is wrong. */
export interface Problem {
  readonly place: string;
  readonly what: string;
  /** The setting's dotted path, where one setting is to blame. */
  readonly path?: string;
}

/** All that is wrong with settings, as one error whose message has a line for each problem. */
export class ConfigError extends LabError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    const lines = new Set(problems.map((problem) => `config: ${problem.place}: ${problem.what}`));
    super("bad_config", [...lines].join("\n"));
    this.problems = problems;
  }
}

/** Makes one error of all problems, one line each. Throws nothing itself; the caller throws the result. */
export function toConfigError(problems: readonly Problem[]): ConfigError {
  return new ConfigError(problems);
}

/** Shows a value as a person would write it in a settings file, shortened to 60 characters. */
export function showValue(value: unknown): string {
  const text = typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
