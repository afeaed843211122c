import type { Argument, Command, Option } from "commander";

/** What the lab keeps that a word may name. */
export type NameKind = "runs" | "models" | "datasets" | "architectures" | "presets";

/** One word that fits where the cursor is. */
export interface Suggestion {
  readonly word: string;
  /** One line for people; empty where the word says it all. */
  readonly about: string;
}

/** What fits where the cursor is. */
export interface Suggestions {
  readonly words: readonly Suggestion[];
  /** Names that only the lab knows, and that fit too. */
  readonly names: readonly NameKind[];
  /** True where files and folders fit too. */
  readonly files: boolean;
}

const NOTHING: Suggestions = { words: [], names: [], files: false };

/** What stands for a value in the usage texts, and which names of the lab fit there. */
const NAMES_OF_VALUE: Readonly<Record<string, readonly NameKind[] | undefined>> = {
  run: ["runs"],
  model: ["models", "runs"],
  "model-or-input": ["models", "runs"],
  dataset: ["datasets"],
  "name|folder": ["datasets"],
  architecture: ["architectures", "runs"],
  preset: ["presets"],
};

/** What stands for a value that is, or may be, a file or folder. */
const FILES_OF_VALUE: ReadonlySet<string> = new Set([
  "file",
  "files",
  "folder",
  "name|folder",
  "model",
  "model-or-input",
  "architecture",
]);

/** Finds what may stand in the place of the last of the words behind the program's name; that word's own text limits nothing. */
export function suggest(program: Command, words: readonly string[]): Suggestions {
  const { command, positions, option } = readWords(program, words.slice(0, -1));
  if (option !== null) return ofValue(option.flags, option.argChoices);
  if (words.at(-1)?.startsWith("-") === true) return { ...NOTHING, words: listOptions(command) };
  const subcommands = positions === 0 ? listCommands(command) : [];
  if (subcommands.length > 0) return { ...NOTHING, words: subcommands };
  const argument = argumentAt(command.registeredArguments, positions);
  return argument === null ? NOTHING : ofValue(`<${argument.name()}>`, argument.argChoices);
}

/** Where the cursor is: in which command, behind how many arguments, and whether an option waits for its value. */
interface Place {
  readonly command: Command;
  readonly positions: number;
  readonly option: Option | null;
}

function readWords(program: Command, words: readonly string[]): Place {
  let place: Place = { command: program, positions: 0, option: null };
  for (const word of words) place = readWord(place, word);
  return place;
}

function readWord({ command, positions, option }: Place, word: string): Place {
  if (option !== null) return { command, positions, option: null };
  if (word.startsWith("-")) {
    const named = allOptions(command).find(({ short, long }) => word === short || word === long);
    return { command, positions, option: named?.required === true ? named : null };
  }
  const below = command.commands.find((each) => each.name() === word);
  return positions === 0 && below !== undefined
    ? { command: below, positions: 0, option: null }
    : { command, positions: positions + 1, option: null };
}

/** A command's options, and those of all above it, which every command takes. */
function allOptions(command: Command): readonly Option[] {
  return command.parent === null ? command.options : [...command.options, ...allOptions(command.parent)];
}

function listOptions(command: Command): readonly Suggestion[] {
  const help = { word: "--help", about: "explain this command" };
  const shown = allOptions(command).filter((option) => !option.hidden);
  return [...shown.map(({ short, long, description }) => ({ word: long ?? short ?? "", about: description })), help];
}

function listCommands(command: Command): readonly Suggestion[] {
  // Commander keeps to itself which commands are hidden; its help leaves them out.
  const visible = command.createHelp().visibleCommands(command);
  return visible.map((each) => ({ word: each.name(), about: each.description() }));
}

/** The last argument may take all that follow. */
function argumentAt(all: readonly Argument[], position: number): Argument | null {
  const last = all.at(-1);
  return all[position] ?? (last?.variadic === true ? last : null);
}

function ofValue(flags: string, choices: readonly string[] | undefined): Suggestions {
  if (choices !== undefined) return { ...NOTHING, words: choices.map((word) => ({ word, about: "" })) };
  const value = /[<[](.+?)(\.\.\.)?[>\]]/.exec(flags)?.[1] ?? ""; // none where the option is a switch
  return { words: [], names: NAMES_OF_VALUE[value] ?? [], files: FILES_OF_VALUE.has(value) };
}
