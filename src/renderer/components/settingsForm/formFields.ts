import { z } from "zod";

import { at } from "#shared/at.ts";
import { firstNoise, NOISE_KINDS } from "#shared/image/noise.ts";
import { SETTINGS_SCHEMAS, type SettingsKind } from "#shared/runs/settings.ts";

/** How a setting is entered. */
export type FieldInput =
  | { readonly kind: "text" }
  | { readonly kind: "number"; readonly isInteger: boolean; readonly canBeOff: boolean }
  | { readonly kind: "numbers" }
  | { readonly kind: "names" }
  | { readonly kind: "sigma" }
  | { readonly kind: "rows"; readonly keys: readonly string[] }
  | { readonly kind: "switch" }
  | { readonly kind: "choice"; readonly options: readonly string[]; readonly isNumber: boolean }
  | { readonly kind: "several"; readonly options: readonly string[] };

/** One setting of the form by its dotted path, e.g. `search.epochs`. */
export interface FormField {
  readonly path: string;
  /** From the schema; null where it says nothing. */
  readonly description: string | null;
  readonly input: FieldInput;
  /** Where the setting belongs to one variant: the path that picks it, and its name there. */
  readonly onlyFor: { readonly path: string; readonly value: string } | null;
}

/** Settings that stand together, e.g. `search.weights`; the first group has those of no object. */
export interface FormGroup {
  readonly path: string;
  readonly fields: readonly FormField[];
}

type Node = z.core.JSONSchema.BaseSchema;
type Variant = FormField["onlyFor"];

/** Lists the settings of a kind in groups, in the schema's order. */
export function buildFormGroups(kind: SettingsKind): readonly FormGroup[] {
  const groups = new Map<string, FormField[]>([["", []]]);
  collect(z.toJSONSchema(SETTINGS_SCHEMAS[kind], { io: "input" }), "", "", null, groups);
  return [...groups].map(([path, fields]) => ({ path, fields })).filter(({ fields }) => fields.length > 0);
}

function collect(node: Node, path: string, group: string, onlyFor: Variant, groups: Map<string, FormField[]>): void {
  for (const [key, child] of Object.entries(node.properties ?? {})) {
    if (typeof child === "boolean") continue;
    const childPath = path === "" ? key : `${path}.${key}`;
    if (nodesOf(child.oneOf).length > 0) collectVariants(child, childPath, groups);
    else if (child.properties !== undefined) collect(child, childPath, childPath, onlyFor, groups);
    else if (child.const === undefined) addTo(groups, group, toField(child, childPath, onlyFor));
  }
}

/** Variants become one choice, and the settings of each, which are shown while it is chosen. */
function collectVariants(choice: Node, path: string, groups: Map<string, FormField[]>): void {
  const variants = nodesOf(choice.oneOf);
  const [key] = at(
    Object.entries(nodesByKey(variants[0])).filter(([, child]) => child.const !== undefined),
    0,
    `settings: what tells the variants of ${path} apart`,
  );
  const picker = `${path}.${key}`;
  const nameOf = (variant: Node): string => String(nodesByKey(variant)[key]?.const);
  const options = variants.map(nameOf);
  const description = choice.description ?? null;
  addTo(groups, path, {
    path: picker,
    description,
    input: { kind: "choice", options, isNumber: false },
    onlyFor: null,
  });
  for (const variant of variants) collect(variant, path, path, { path: picker, value: nameOf(variant) }, groups);
}

function addTo(groups: Map<string, FormField[]>, group: string, field: FormField): void {
  groups.set(group, [...(groups.get(group) ?? []), field]);
}

function toField(node: Node, path: string, onlyFor: Variant): FormField {
  return { path, description: node.description ?? null, input: toInput(node), onlyFor };
}

function toInput(node: Node): FieldInput {
  const choices = nodesOf(node.anyOf);
  if (node.enum !== undefined) {
    return { kind: "choice", options: node.enum.map(String), isNumber: node.type === "number" };
  }
  if (choices.some(({ type }) => type === "array" || type === "object")) return { kind: "sigma" };
  const number = [node, ...choices].find(({ type }) => type === "number" || type === "integer");
  if (number !== undefined) {
    const canBeOff = choices.some(({ type }) => type === "null");
    return { kind: "number", isInteger: number.type === "integer", canBeOff };
  }
  if (node.type === "boolean") return { kind: "switch" };
  if (node.type === "array") return toListInput(node);
  return { kind: "text" };
}

function toListInput({ items }: Node): FieldInput {
  const item = typeof items === "object" && !Array.isArray(items) ? items : undefined;
  if (item?.properties !== undefined) return { kind: "rows", keys: Object.keys(item.properties) };
  if (item?.type === "string" && item.enum === undefined) return { kind: "names" };
  return item?.enum === undefined ? { kind: "numbers" } : { kind: "several", options: item.enum.map(String) };
}

function nodesOf(nodes: Node["oneOf"]): readonly Node[] {
  return (nodes ?? []).filter((node) => typeof node !== "boolean");
}

function nodesByKey(node: Node | undefined): Readonly<Record<string, Node>> {
  const entries = Object.entries(node?.properties ?? {});
  return Object.fromEntries(entries.filter((entry): entry is [string, Node] => typeof entry[1] !== "boolean"));
}

/** Returns the value at a dotted path of nested settings; undefined where there is none. */
export function settingAt(settings: unknown, path: string): unknown {
  let value = settings;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

/** Settings without which a variant would be incomplete, for when it is chosen. */
const FIRST_VALUES: ReadonlyMap<string, object> = new Map(
  NOISE_KINDS.map((kind) => [`noise.kind=${kind}`, firstNoise(kind)]),
);

/**
 * Lists what else is entered when a field takes a value: where it picks a variant, the settings of the variant that is left
 * go back to undefined, as the lab does with those of presets and files, and the chosen one gets its first values.
 */
export function listFollowingChanges(
  fields: readonly FormField[],
  path: string,
  value: unknown,
): ReadonlyMap<string, unknown> {
  const changes = new Map<string, unknown>();
  for (const { path: other, onlyFor } of fields) if (onlyFor?.path === path) changes.set(other, undefined);
  const group = path.slice(0, path.lastIndexOf(".") + 1);
  // Most variants have defaults for all of their settings.
  for (const [key, first] of Object.entries(FIRST_VALUES.get(`${path}=${String(value)}`) ?? {})) {
    if (group + key !== path) changes.set(group + key, first);
  }
  return changes;
}
