import { stringify } from "yaml";

import { type FlatSettings, listNonDefaults } from "#shared/runs/configDiff.ts";
import type { SettingsKind } from "#shared/runs/settings.ts";

/** Writes what differs from the defaults as a YAML settings file; `{}` where nothing does. */
export function renderDifferences(kind: SettingsKind, settings: object): string {
  const tree: Record<string, unknown> = {};
  for (const [path, value] of listNonDefaults(kind, settings)) {
    const keys = path.split(".");
    const last = keys.pop() ?? path;
    let group = tree;
    for (const key of keys) {
      const next = (group[key] ?? {}) as Record<string, unknown>;
      group[key] = next;
      group = next;
    }
    group[last] = value;
  }
  return stringify(tree);
}

/** The command of each kind of job, and what it starts from where that is not known yet. */
const COMMANDS: Readonly<Record<SettingsKind, { readonly command: string; readonly from: string | null }>> = {
  search: { command: "hinas search", from: null },
  train: { command: "hinas train", from: "RUN" },
  evaluation: { command: "hinas eval", from: "RUN" },
};

/** Writes the command that starts a job with these settings, fit for a POSIX shell. */
export function renderCommand(kind: SettingsKind, settings: object, from: string | null): string {
  const { command, from: placeholder } = COMMANDS[kind];
  const start = placeholder === null ? [] : [quote(from ?? placeholder)];
  return [command, ...start, ...toAssignments(listNonDefaults(kind, settings))].join(" ");
}

function toAssignments(values: FlatSettings): readonly string[] {
  return [...values].map(([path, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `--set ${quote(`${path}=${text}`)}`;
  });
}

function quote(text: string): string {
  return /^[\w.,:=/@+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
