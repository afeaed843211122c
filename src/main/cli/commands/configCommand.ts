import { resolve } from "node:path";

import { Argument, type Command } from "commander";

import { SETTINGS_KINDS, type SettingsKind } from "#shared/runs/settings.ts";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { addSettingsOptions, type SettingsFlags } from "#main/cli/settingsOptions.ts";

/** Adds `hinas config render` and `hinas config check`. */
export function addConfigCommand(program: Command, run: RunCommand): void {
  const config = program.command("config").description("show and check settings");
  const render = config
    .command("render")
    .description("print the settings a job would run with, and where each comes from")
    .addArgument(new Argument("[job]", "what the settings are for").choices(SETTINGS_KINDS).default("search"))
    .addHelpText(
      "after",
      "\nExample:\n  hinas config render train --preset demo --set training.steps=5000 > mine.yaml",
    );
  addSettingsOptions(render, ["seed", "name", "data", "test", "noise"], null).action(
    (kind: SettingsKind, flags: SettingsFlags, command: Command) =>
      run(command, (session) => printSettings(kind, flags, session)),
  );
  config
    .command("check")
    .description("check a settings file for every job")
    .argument("<file>", "YAML file")
    .action((file: string, _options: object, command: Command) => run(command, (session) => checkFile(file, session)));
}

async function printSettings(kind: SettingsKind, flags: SettingsFlags, session: Session): Promise<ExitCode> {
  const { loadSettings } = await import("#main/cli/loadSettings.ts");
  const resolved = await loadSettings(kind, flags, session);
  const { listOrigins, renderConfig } = await import("#main/config/renderConfig.ts");
  if (session.json) session.terminal.printJson({ settings: resolved.settings, origins: listOrigins(resolved) });
  else session.terminal.print(renderConfig(resolved).trimEnd());
  return EXIT_CODES.good;
}

async function checkFile(file: string, session: Session): Promise<ExitCode> {
  const { checkSettingsFile } = await import("#main/config/checkSettingsFile.ts");
  await checkSettingsFile(resolve(session.surroundings.workingFolder, file), file);
  if (session.json) session.terminal.printJson({ file, good: true });
  else session.terminal.print(`${file} is good.`);
  return EXIT_CODES.good;
}
