import { InvalidArgumentError, Option, type Command } from "commander";

/** The settings that have a flag of their own, by the flag's name as commander keeps it. */
export const NAMED_SETTINGS = {
  seed: { flags: "--seed <n>", path: "seed", help: "seed of every random draw" },
  name: { flags: "--name <text>", path: "name", help: "a name for people" },
  data: { flags: "--data <name|folder>", path: "data.dataset", help: "data set, or folder of clean photos" },
  test: {
    flags: "--test <share|count>",
    path: "data.test",
    help: "photos of the data set kept for a test, which the run never sees: 10%, 0.1, 20, or none",
  },
  noise: {
    flags: "--noise <sigma>",
    path: "noise",
    help: "Gaussian noise on the 0..255 scale: 30, a list 15,25,50 or a range 0..55; or a kind: `camera`, `paired`",
  },
  epochs: { flags: "--epochs <n>", path: "search.epochs", help: "epochs of the search" },
  steps: { flags: "--steps <n>", path: "training.steps", help: "training steps" },
} as const;
export type NamedSetting = keyof typeof NAMED_SETTINGS;

/** What the settings' flags were given as; texts are read once it is known what each setting wants. */
export type SettingsFlags = {
  readonly [K in NamedSetting]?: string;
} & {
  readonly config?: string;
  readonly preset?: string;
  readonly set?: readonly string[];
};

/** Adds `--config`, `--preset`, `--set` and the named settings' flags to a command; none of them goes with `exclusive`. */
export function addSettingsOptions(
  command: Command,
  named: readonly NamedSetting[],
  exclusive: string | null,
): Command {
  const options = [
    new Option("-c, --config <file>", "YAML file with settings"),
    new Option("-p, --preset <preset>", "named settings that come with the program"),
    assignmentOption("one setting, e.g. search.epochs=50; repeatable"),
    ...named.map((name) => new Option(NAMED_SETTINGS[name].flags, NAMED_SETTINGS[name].help)),
  ];
  for (const option of options) command.addOption(exclusive === null ? option : option.conflicts(exclusive));
  return command;
}

/** Adds `--set` alone to a command whose settings are no job's. */
export function addAssignmentOption(command: Command, help: string): Command {
  return command.addOption(assignmentOption(help));
}

function assignmentOption(help: string): Option {
  return new Option("-s, --set <key=value>", help).argParser(collectAssignment);
}

/** Splits `a.b=c` at the first equals sign. */
export function splitAssignment(text: string): { readonly path: string; readonly value: string } {
  const at = text.indexOf("=");
  return { path: text.slice(0, at).trim(), value: text.slice(at + 1) };
}

function collectAssignment(text: string, earlier: readonly string[] | undefined): readonly string[] {
  if (splitAssignment(text).path === "" || !text.includes("=")) throw new InvalidArgumentError("It must be KEY=VALUE.");
  return [...(earlier ?? []), text];
}
