import { Argument, type Command } from "commander";

import { COMPLETION_SCRIPTS, FILES_FIT, type Shell, SHELLS } from "#main/cli/completion/scripts.ts";
import { suggest, type NameKind, type Suggestion } from "#main/cli/completion/suggest.ts";
import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { SAMPLE_SET } from "#shared/image/sampleSet.ts";
import type { Lab } from "#shared/api/lab.ts";

const INSTALL = `
Put one of these where your shell starts, and \`hinas\` on its path (\`npm link\`):
  bash   source <(hinas completion bash)                                     in ~/.bashrc
  zsh    source <(hinas completion zsh)                                      in ~/.zshrc, behind compinit
  fish   hinas completion fish > ~/.config/fish/completions/hinas.fish       once`;

/** Adds `hinas completion`, and `hinas complete`, which the scripts ask. */
export function addCompletionCommand(program: Command, run: RunCommand): void {
  program
    .command("completion")
    .description("print a script by which a shell completes commands, options, runs, models and data sets")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .addHelpText("after", INSTALL)
    .action((shell: Shell, _options: object, command: Command) =>
      run(command, async ({ terminal, json }) => {
        const script = COMPLETION_SCRIPTS[shell];
        if (json) terminal.printJson({ shell, script });
        else terminal.print(script.trimEnd());
        return EXIT_CODES.good;
      }),
    );
  program
    .command("complete", { hidden: true })
    .description("list what fits where the cursor is, a line each, for a shell's script")
    .argument("[words...]", "what is typed behind hinas, up to the cursor")
    .action((words: readonly string[], _options: object, command: Command) =>
      run(command, (session) => complete(program, words.length === 0 ? [""] : words, session)),
    );
}

async function complete(program: Command, words: readonly string[], session: Session): Promise<ExitCode> {
  const { words: known, names, files } = suggest(program, words);
  const found: Suggestion[] = [...known];
  for (const kind of names) found.push(...(await listNames(kind, session)));
  const typed = unquote(words.at(-1) ?? "");
  const unique = [...new Map(found.map((suggestion) => [suggestion.word, suggestion])).values()];
  const fitting = unique.filter(({ word }) => word.startsWith(typed));
  if (session.json) {
    session.terminal.printJson({ words: fitting, files });
    return EXIT_CODES.good;
  }
  for (const { word, about } of fitting) session.terminal.print(`${word}\t${oneLine(about)}`);
  if (files) session.terminal.print(FILES_FIT);
  return EXIT_CODES.good;
}

/** The drawn pictures, which no home lists. */
const SAMPLE = [{ name: "sample", photos: SAMPLE_SET.photos }];

type ListNames = (lab: Lab) => Promise<readonly Suggestion[]>;

const LISTS: Readonly<Record<NameKind, ListNames>> = {
  runs: async (lab) =>
    (await lab.listRuns()).flatMap(({ id, name, kind, state }) => [
      ...(name === id ? [] : [{ word: name, about: `${kind}, ${state}` }]),
      { word: id, about: `${kind}, ${state}: ${name}` },
    ]),
  models: async (lab) =>
    (await lab.listModels())
      .filter(({ runId }) => runId === null)
      .map(({ name, parameters }) => ({ word: name, about: `network of ${parameters} parameters` })),
  datasets: async (lab) =>
    [...SAMPLE, ...(await lab.listDatasets())].map(({ name, photos }) => ({ word: name, about: `${photos} photos` })),
  architectures: async (lab) => (await lab.listArchitectures()).map(({ hash, name }) => ({ word: hash, about: name })),
  presets: async (lab) =>
    (await Promise.all((["search", "train"] as const).map((kind) => lab.listPresets(kind)))).flatMap((presets) =>
      presets.map(({ name, description }) => ({ word: name, about: description })),
    ),
};

/** A shell that completes must not be told of troubles: the command that is typed will tell them. */
async function listNames(kind: NameKind, session: Session): Promise<readonly Suggestion[]> {
  try {
    return await LISTS[kind](await session.openLab());
  } catch {
    return []; // what cannot be listed cannot be completed
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

/** A shell hands over what is typed with its quotes and backslashes. */
function unquote(word: string): string {
  return word.replace(/^["']/, "").replaceAll(/\\(.)/g, "$1");
}
