import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { onTestFinished } from "vitest";

import { makeFolder } from "./labHome.ts";

/** A cluster of scripts on this computer: its jobs are real processes, and it goes wrong as a test wishes. */
export interface FakeSite {
  /** The folder that the site's profile names. */
  readonly folder: string;
  readonly yaml: string;
  /** Lets something be wrong until it is taken back; see the scripts for the names. */
  wish(name: string, value?: string): Promise<void>;
  takeBack(name: string): Promise<void>;
  /** What the programs were asked so far, a line each, those with `pattern`. */
  listCalls(pattern: RegExp): Promise<readonly string[]>;
  listJobs(): Promise<readonly string[]>;
  readJob(id: string, file: string): Promise<string>;
  writeJob(id: string, file: string, value: string): Promise<void>;
}

const SCRIPTS: Readonly<Record<string, string>> = {
  // line-down: no connection. cut: a word; the line is lost after the next command that has it. cut-copy: half is copied, then the line is lost.
  ssh: `
    while [ "$1" = -o ]; do shift 2; done
    echo "ssh $*" | head -n 3 >> "$SITE/calls"
    if [ -e "$SITE/line-down" ]; then echo "ssh: connect to host $1 port 22: Connection timed out" >&2; exit 255; fi
    shift
    if [ -e "$SITE/cut" ] && grep -qF "$(cat "$SITE/cut")" <<< "$*"; then
      rm "$SITE/cut"; bash -c "$*" > /dev/null 2>&1; echo "Connection to host closed by remote host." >&2; exit 255
    fi
    exec bash -c "$*"`,
  rsync: `
    echo "rsync $*" >> "$SITE/calls"
    if [ -e "$SITE/line-down" ]; then echo "rsync error: unexplained error (code 255)" >&2; exit 255; fi
    tarring=(); from=; to=
    while [ $# -gt 0 ]; do case "$1" in
      --rsh) shift;;
      --exclude=/*) tarring+=("--exclude=./\${1#--exclude=/}");;
      --exclude=.*) tarring+=("--exclude=./.?*");;
      --files-from=*) list="\${1#--files-from=}";;
      --*) ;;
      *) from="$to"; to="$1";;
    esac; shift; done
    from="\${from#*:}"; to="\${to#*:}"
    mkdir -p "$to"
    if [ -n "$list" ]; then tar -C "$from" -cf - -T "$list" | tar -C "$to" -xf -
    else tar -C "$from" --anchored "\${tarring[@]}" -cf - . | tar -C "$to" -xf -; fi
    if [ -e "$SITE/damage" ] && [ -e "$to/$(cat "$SITE/damage")" ]; then echo damaged > "$to/$(cat "$SITE/damage")"; rm "$SITE/damage"; fi
    if [ -e "$SITE/cut-copy" ] && [ -z "$list" ] && [[ "$from" == "$SITE"/* ]]; then
      rm "$SITE/cut-copy" "$to/result.json"; echo "rsync error: error in rsync protocol data stream (code 12)" >&2; exit 12
    fi`,
  // refuse: what sbatch says instead of taking the job. hold: jobs wait.
  sbatch: `
    echo "sbatch $*" >> "$SITE/calls"
    if [ -e "$SITE/refuse" ]; then cat "$SITE/refuse" >&2; exit 1; fi
    script="\${!#}"; id=$((100 + $(ls "$SITE/jobs" | wc -l))); job="$SITE/jobs/$id"; mkdir "$job"
    sed -n 's/^#SBATCH --job-name=//p' "$script" > "$job/name"; echo "$script" > "$job/script"; echo PENDING > "$job/state"
    if [ ! -e "$SITE/hold" ]; then setsid runjob "$id" > /dev/null 2>&1 < /dev/null & fi
    echo "$id;fake"`,
  runjob: `
    job="$SITE/jobs/$1"; export SLURM_JOB_ID="$1" SLURM_RESTART_COUNT=0
    log=$(sed -n 's/^#SBATCH --output=//p' "$(cat "$job/script")")
    while :; do
      echo RUNNING > "$job/state"
      setsid bash "$(cat "$job/script")" >> "$log" 2>&1 & echo $! > "$job/pid"; wait $!; code=$?; echo "$code" > "$job/code"
      [ -e "$job/requeue" ] || break
      rm "$job/requeue"; SLURM_RESTART_COUNT=$((SLURM_RESTART_COUNT + 1))
    done
    if [ -e "$job/ends-as" ]; then cp "$job/ends-as" "$job/state"
    elif [ "$code" = 0 ]; then echo COMPLETED > "$job/state"; else echo FAILED > "$job/state"; fi`,
  scontrol: `echo PENDING > "$SITE/jobs/$2/state"; touch "$SITE/jobs/$2/requeue"`,
  // queue-down: squeue does not answer. forgetful: it knows no job that is over.
  squeue: `
    echo "squeue $*" >> "$SITE/calls"
    if [ -e "$SITE/queue-down" ]; then echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1; fi
    for job in "$SITE"/jobs/*; do [ -e "$job/name" ] || continue
      state=$(cat "$job/state")
      case "$state" in PENDING|RUNNING) ;; *) [ -e "$SITE/forgetful" ] && continue;; esac
      [[ "$*" == *"$(cat "$job/name")"* ]] && echo "$(basename "$job")|$(cat "$job/name")|$state|$([ "$state" = PENDING ] && echo Priority || echo None)|N/A"
    done; exit 0`,
  // accounting-off: sacct knows nothing.
  sacct: `
    if [ -e "$SITE/accounting-off" ]; then echo "Slurm accounting storage is disabled" >&2; exit 1; fi
    for job in "$SITE"/jobs/*; do [ -e "$job/name" ] || continue
      echo "$(basename "$job")|$(cat "$job/name")|$(cat "$job/state")|$(cat "$job/code" 2>/dev/null || echo 0):0|00:00:07|node1"
    done`,
  scancel: `
    echo "scancel $*" >> "$SITE/calls"
    for job in "$SITE"/jobs/*; do
      [[ "$*" == *"--name=$(cat "$job/name")"* ]] || continue
      state=$(cat "$job/state")
      if [ "$state" = PENDING ]; then echo "CANCELLED by 0" > "$job/state"
      elif [[ "$*" != *PENDING* ]] && [ "$state" = RUNNING ]; then echo "CANCELLED by 0" > "$job/ends-as"; kill -TERM -- "-$(cat "$job/pid")"; fi
    done; exit 0`,
};

/** Puts the scripts of a cluster, or of a computer without a queue, in front of the path until the test's end. */
export async function makeFakeSite(kind: "slurm" | "ssh" = "slurm"): Promise<FakeSite> {
  const site = await makeFolder();
  const folder = join(site, "scratch");
  await mkdir(join(site, "bin"));
  await mkdir(join(site, "jobs"));
  for (const [name, script] of Object.entries(SCRIPTS)) {
    const file = join(site, "bin", name);
    await writeFile(file, `#!/bin/bash\nSITE=${site}\n${script.replaceAll(/^ {4}/gm, "")}\n`);
    await chmod(file, 0o755);
  }
  const before = process.env["PATH"] ?? "";
  process.env["PATH"] = `${join(site, "bin")}:${before}`;
  onTestFinished(() => {
    process.env["PATH"] = before;
  });
  const hinas = `${process.execPath} ${join(process.cwd(), "tests/helpers/loneRunner.ts")}`;
  const rest = kind === "slurm" ? "time: 1:00:00\n" : "";
  return {
    folder,
    yaml: `schema: hinas.site\nversion: 1\nkind: ${kind}\nhost: cluster\nfolder: ${folder}\nhinas: ${hinas}\n${rest}`,
    wish: (name, value = "") => writeFile(join(site, name), value),
    takeBack: (name) => rm(join(site, name)),
    listCalls: async (pattern) => {
      const calls = await readFile(join(site, "calls"), "utf8").catch(() => "");
      return calls.split("\n").filter((call) => pattern.test(call));
    },
    listJobs: () => readdir(join(site, "jobs")),
    readJob: async (id, file) => (await readFile(join(site, "jobs", id, file), "utf8")).trim(),
    writeJob: (id, file, value) => writeFile(join(site, "jobs", id, file), value),
  };
}
