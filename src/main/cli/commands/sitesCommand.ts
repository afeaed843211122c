import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import type { Command } from "commander";

import { EXIT_CODES, type ExitCode } from "#main/cli/exitCodes.ts";
import type { RunCommand, Session } from "#main/cli/session.ts";
import { renderTable } from "#main/cli/table.ts";
import { toDiskError } from "#main/files/diskError.ts";

const EXAMPLE = `
Example of a profile (docs/guide.md tells all it can have):
  schema: hinas.site
  version: 1
  kind: slurm                 # or ssh, for a computer without a queue
  host: cluster               # as ~/.ssh/config names it
  folder: /scratch/me/hinas
  hinas: /home/me/hinas-lab/node_modules/.bin/node /home/me/hinas-lab/src/main/cli.ts
  time: 12:00:00`;

const PACK_HELP = `
The tar holds one folder, hinas-node, which runs wherever it is unpacked, without a network: Node, the program and the engine of
this computer. Nodes must be Linux with the same kind of processor. In the profile then stands
  hinas: /home/me/hinas-node/bin/hinas
and for an image, made of tar and recipe by \`apptainer build hinas.sif hinas-node.def\`,
  hinas: apptainer run --nv /home/me/hinas.sif`;

/** Adds `hinas sites ls`, `add`, `check`, `script`, `pack` and `rm`. */
export function addSitesCommand(program: Command, run: RunCommand): void {
  const sites = program.command("sites").description("clusters and computers that do runs for you");
  sites
    .command("ls")
    .description("list the sites")
    .action((_options: object, command: Command) => run(command, listSites));
  sites
    .command("add")
    .description("keep a site's profile under a name, in place of one that has it")
    .argument("<name>", "small letters, digits and dashes")
    .argument("<file>", "the profile, a YAML file")
    .addHelpText("after", EXAMPLE)
    .action((name: string, file: string, _options: object, command: Command) =>
      run(command, (session) => addSite(name, file, session)),
    );
  const onSite = (name: string, description: string, body: (site: string, session: Session) => Promise<ExitCode>) =>
    sites
      .command(name)
      .description(description)
      .argument("<name>", "site")
      .action((site: string, _options: object, command: Command) => run(command, (session) => body(site, session)));
  onSite("check", "log in and say what is missing there; ssh may ask you in a terminal", checkSite);
  onSite("script", "print the script by which a run would be done there", async (site, { openLab, terminal }) => {
    terminal.print((await (await openLab()).previewJob(site)).trimEnd());
    return EXIT_CODES.good;
  });
  sites
    .command("pack")
    .description(
      "pack Node, this program and its engine for nodes without a network: a tar, and a recipe for Apptainer",
    )
    .argument("[file]", "the tar to write", "hinas-node.tar")
    .addHelpText("after", PACK_HELP)
    .action((file: string, _options: object, command: Command) => run(command, (session) => packNodes(file, session)));
  onSite("rm", "forget a site; nothing there is touched", async (site, { openLab, terminal }) => {
    await (await openLab()).removeSite(site);
    terminal.say(`${site} is forgotten.`);
    return EXIT_CODES.good;
  });
}

async function listSites({ openLab, terminal, json }: Session): Promise<ExitCode> {
  const sites = await (await openLab()).listSites();
  if (json) {
    terminal.printJson(sites);
    return EXIT_CODES.good;
  }
  const columns = ["SITE", "KIND", "HOST", "FOLDER"].map((heading) => ({ heading, align: "left" }) as const);
  const rows = sites.map(({ name, profile: { kind, host, folder } }) => [name, kind, host, folder]);
  terminal.print(rows.length === 0 ? "No sites; `hinas sites add` adds one." : renderTable(columns, rows));
  return EXIT_CODES.good;
}

async function addSite(
  name: string,
  file: string,
  { openLab, terminal, json, surroundings }: Session,
): Promise<ExitCode> {
  const path = resolve(surroundings.workingFolder, file);
  const yaml = await readFile(path, "utf8").catch((cause: unknown) => {
    throw toDiskError(`read ${path}`, cause);
  });
  const site = await (await openLab()).putSite({ name, yaml });
  if (json) terminal.printJson(site);
  else terminal.say(`\`hinas sites check ${name}\` says whether all is there.`);
  return EXIT_CODES.good;
}

async function checkSite(name: string, { openLab, terminal, json, surroundings }: Session): Promise<ExitCode> {
  const lab = await openLab();
  const findings = await (surroundings.isAttended ? lab.checkSiteAttended(name) : lab.checkSite(name));
  if (json) terminal.printJson(findings);
  else {
    for (const { what, ok, detail } of findings)
      terminal.print(`${ok ? "ok     " : "missing"}  ${what.padEnd(10)} ${detail}`);
  }
  return findings.every(({ ok }) => ok) ? EXIT_CODES.good : EXIT_CODES.failed;
}

async function packNodes(file: string, { terminal, json, surroundings }: Session): Promise<ExitCode> {
  const { packForNodes } = await import("#main/lab/sites/packForNodes.ts");
  const pack = await packForNodes(resolve(surroundings.workingFolder, file));
  if (json) terminal.printJson(pack);
  else {
    terminal.print(pack.tar);
    terminal.print(pack.recipe);
    terminal.say(`${(pack.bytes / 1e9).toFixed(1)} GB; \`hinas sites pack --help\` says what a profile needs then.`);
  }
  return EXIT_CODES.good;
}
