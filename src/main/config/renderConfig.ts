import { Document, isMap, isScalar, isSeq, type Node } from "yaml";

import { listSettings, type SettingsKind } from "#shared/runs/settings.ts";

import { isMapping } from "./layer.ts";
import type { ResolvedConfig } from "./resolveConfig.ts";

/** Writes resolved settings as a YAML settings file; a comment behind each value says where it comes from. */
export function renderConfig<K extends SettingsKind>(resolved: ResolvedConfig<K>): string {
  const document = new Document(resolved.settings);
  addOrigins(document.contents, [], resolved.placeOf);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

/** Lists the origin of every value by its dotted path. */
export function listOrigins<K extends SettingsKind>({ settings, placeOf }: ResolvedConfig<K>): Record<string, string> {
  const known = listSettings();
  const origins: Record<string, string> = {};
  const visit = (value: unknown, path: string): void => {
    if (known.has(path) || !isMapping(value)) origins[path] = placeOf(path) ?? "default";
    else for (const [key, child] of Object.entries(value)) visit(child, path === "" ? key : `${path}.${key}`);
  };
  visit(settings, "");
  return origins;
}

function addOrigins(node: unknown, path: readonly string[], placeOf: (path: string) => string | null): void {
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    const parts = [...path, String(isScalar(key) ? key.value : key)];
    const place = placeOf(parts.join("."));
    if (isMap(value) && place === null) addOrigins(value, parts, placeOf);
    else if (isScalar(value) || isSeq(value) || isMap(value)) addComment(value, place ?? "default");
  }
}

function addComment(node: Node, place: string): void {
  if (isSeq(node) || isMap(node)) node.flow = true;
  node.comment = ` ${place}`;
}
