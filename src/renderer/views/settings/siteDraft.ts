import { type Document, parseDocument } from "yaml";

/** What a form has fields for; all else of a profile is set in its text. */
export const COMMON_FIELDS = ["host", "folder", "hinas"] as const;
export const SLURM_FIELDS = ["time", "partition", "account", "gres", "cpus", "memory"] as const;
export type SiteField = (typeof COMMON_FIELDS)[number] | (typeof SLURM_FIELDS)[number];
export type SiteKind = "slurm" | "ssh";

/** Fields that are numbers in the file. */
const WHOLE_NUMBERS: ReadonlySet<SiteField> = new Set(["cpus"]);

/** What a new profile begins with. */
export const FIRST_PROFILE = `schema: hinas.site
version: 1
kind: slurm
host: cluster
folder: /scratch/me/hinas
hinas: /home/me/hinas-lab/node_modules/.bin/node /home/me/hinas-lab/src/main/cli.ts
time: 12:00:00
`;

/** Reads what the fields show of a profile; null where the text is no YAML with keys. */
export function readProfile(
  yaml: string,
): { readonly kind: SiteKind; readonly fields: ReadonlyMap<SiteField, string> } | null {
  const document = parseMap(yaml);
  if (document === null) return null;
  const fields = [...COMMON_FIELDS, ...SLURM_FIELDS].map((field): [SiteField, string] => {
    const value = document.get(field);
    return [field, typeof value === "string" || typeof value === "number" ? String(value) : ""];
  });
  return { kind: document.get("kind") === "ssh" ? "ssh" : "slurm", fields: new Map(fields) };
}

/** Sets a field in a profile's text, whose other lines and comments stay; an empty one is taken out. */
export function setField(yaml: string, field: SiteField, text: string): string {
  const document = parseMap(yaml);
  if (document === null) return yaml;
  const value = text.trim();
  if (value === "") document.delete(field);
  else document.set(field, WHOLE_NUMBERS.has(field) && /^\d+$/.test(value) ? Number(value) : value);
  return document.toString({ lineWidth: 0 });
}

/** Makes a profile one of the other kind: what a plain computer does not know is taken out, and a cluster gets a time limit. */
export function setKind(yaml: string, kind: SiteKind): string {
  const document = parseMap(yaml);
  if (document === null) return yaml;
  document.set("kind", kind);
  if (kind === "ssh") for (const field of SLURM_FIELDS) document.delete(field);
  else if (!document.has("time")) document.set("time", "12:00:00");
  return document.toString({ lineWidth: 0 });
}

function parseMap(yaml: string): Document | null {
  const document = parseDocument(yaml);
  const { contents, errors } = document;
  return errors.length > 0 || contents === null || !("items" in contents) ? null : document;
}
