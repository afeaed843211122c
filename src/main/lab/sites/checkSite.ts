import type { SiteFinding } from "#shared/api/sites.ts";
import { LabError } from "#shared/labError.ts";
import type { SiteProfile } from "#shared/runs/siteProfile.ts";

import { readSite } from "./siteFiles.ts";
import { openSiteShell } from "./siteShell.ts";

/** One thing to look for: a command of the site's shell that succeeds where it is there and prints what it found. */
interface Check {
  readonly what: string;
  readonly command: string;
  /** What helps where it is not there. */
  readonly help: string;
}

const FEWEST_FREE_GB = 5;

/** Lists what a run needs at a site, in the order in which it needs it. */
function listChecks(profile: SiteProfile): readonly Check[] {
  const { folder, hinas, preamble } = profile;
  const free = `df -Pk ${folder} | awk 'NR == 2 { print int($4 / 1048576) " GB free"; exit $4 < ${FEWEST_FREE_GB} * 1048576 }'`;
  return [
    {
      what: "folder",
      command: `mkdir -p ${folder} && test -w ${folder} && echo ${folder}`,
      help: "it must be possible to write there",
    },
    { what: "space", command: free, help: `${FEWEST_FREE_GB} GB must be free there` },
    { what: "rsync", command: "rsync --version | head -n 1", help: "rsync must be installed there" },
    ...(profile.kind === "slurm" ? listSlurmChecks(profile) : []),
    {
      what: "hinas",
      command: `${[...preamble, hinas].join("\n")} --version`,
      help: "the profile's `hinas`, after its `preamble`, must start this program with Node 24 or newer",
    },
    {
      what: "engine",
      command: `${[...preamble, hinas].join("\n")} doctor --json > /dev/null && echo TensorFlow works`,
      help: "`hinas doctor` there installs TensorFlow, where there is a network, and says what is in the way",
    },
  ];
}

function listSlurmChecks({ account, partition }: Extract<SiteProfile, { kind: "slurm" }>): readonly Check[] {
  const accounts = `sacctmgr --noheader --parsable2 show associations user="$USER" format=account`;
  return [
    { what: "Slurm", command: "sbatch --version", help: "sbatch must be on the path after logging in" },
    ...(partition === null
      ? []
      : [
          {
            what: "partition",
            command: `sinfo --noheader --partition=${partition} --format='%P %a, up to %l, %D nodes' | grep .`,
            help: `Slurm must know the partition ${partition}; \`sinfo\` lists those there are`,
          },
        ]),
    ...(account === null
      ? []
      : [
          {
            what: "account",
            command: `${accounts} | grep -qx ${account} && echo ${account}`,
            help: `you must belong to the account ${account}; \`sacctmgr show associations user=$USER\` lists yours`,
          },
        ]),
  ];
}

/** Logs in at a site and looks for all that a run needs. Where nobody can log in that is all that is found. Throws LabError as `readSite`. */
export async function checkSite(
  { paths }: { readonly paths: { readonly sites: string } },
  name: string,
  isAttended: boolean,
): Promise<readonly SiteFinding[]> {
  const { profile } = await readSite(paths.sites, name);
  const shell = openSiteShell(name, profile, isAttended);
  const look = async ({ what, command, help }: Check): Promise<SiteFinding> => {
    try {
      return { what, ok: true, detail: (await shell.run(command)).trim().split("\n").at(-1) ?? "" };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      return { what, ok: false, detail: help === "" ? error.message : `${help} (${error.message})` };
    }
  };
  const login = await look({ what: "ssh", command: "echo $USER at $HOSTNAME", help: "" });
  if (!login.ok) return [login];
  const findings = [login];
  for (const check of listChecks(profile)) findings.push(await look(check));
  return findings;
}
