import { Command } from "commander";
import { expect } from "vitest";

import type { RunCommand } from "#main/cli/session.ts";
import { createTerminal } from "#main/cli/terminal.ts";
import type { Lab } from "#shared/api/lab.ts";

import { makeFolder } from "#tests/helpers/labHome.ts";

/** Calls a command, whose name comes first, with a lab that is open; it must end well. Returns what it prints. */
export async function callCommand(
  add: (program: Command, run: RunCommand) => void,
  lab: Lab,
  args: readonly string[],
  json = false,
): Promise<string> {
  let printed = "";
  const stdout = { write: (text: string) => ((printed += text), true) };
  const stderr = { write: () => true };
  const terminal = createTerminal({ stdout, stderr, quiet: true, verbose: false, color: false });
  const home = await makeFolder();
  const outside = { stdout, stderr, env: {}, workingFolder: home, presetsFolder: home };
  const surroundings = { ...outside, version: "0.0.0-test", isAttended: false };
  const program = new Command().exitOverride();
  add(program, async (_, body) => {
    expect(await body({ terminal, json, home, device: null, surroundings, openLab: () => Promise.resolve(lab) })).toBe(
      0,
    );
  });
  program.commands.forEach((each) => each.exitOverride().configureOutput({ writeErr: () => undefined }));
  await program.parseAsync([...args], { from: "user" });
  return printed;
}
