import type { Command } from "commander";

import { EXIT_CODES, type ExitCode } from "./exitCodes.ts";
import type { RunCommand, Session } from "./session.ts";

const EXAMPLES = `
Exits with 4 where no native engine runs or its self-test fails.

Examples:
  hinas doctor
  hinas doctor --json > doctor.json`;

/** Adds `hinas doctor`. */
export function addDoctorCommand(program: Command, run: RunCommand): void {
  program
    .command("doctor")
    .description("show which engine runs here, why, whether it computes right, and what to do next")
    .addHelpText("after", EXAMPLES)
    .action((_options: object, command: Command) => run(command, examine));
}

async function examine({ terminal, json, home }: Session): Promise<ExitCode> {
  const { doctorText, makeDoctorReport } = await import("#main/compute/engine/doctorReport.ts");
  const { collectSystemFacts } = await import("#main/compute/engine/doctorSystem.ts");
  const { getCacheFolder } = await import("#main/compute/engine/install/engineCache.ts");
  const { engine, selfTest } = await tryEngine(terminal);
  const system = await collectSystemFacts({ labHome: home, cacheFolder: getCacheFolder(), env: process.env });
  const report = makeDoctorReport(engine, selfTest, system);
  if (json) terminal.printJson(report);
  else terminal.print(doctorText(report).trimEnd());
  return report.healthy ? EXIT_CODES.good : EXIT_CODES.device;
}

/** Tries every route to an engine anew, then asks the engine itself. */
async function tryEngine(terminal: Session["terminal"]) {
  const { ensureEngine } = await import("#main/compute/engine/install/ensureEngine.ts");
  const { startComputeHost } = await import("#main/compute/host.ts");
  const found = await ensureEngine({ log: terminal.say, retry: true });
  const host = startComputeHost({
    engine: found,
    listener: { onEvent: () => {}, onTile: () => {} },
    log: (line) => {
      if (terminal.verbose) terminal.say(line);
    },
  });
  try {
    terminal.say("Testing the engine");
    const engine = await host.compute.describeEngine();
    return { engine, selfTest: await host.compute.selfTest() };
  } finally {
    await host.close();
  }
}
