import { LineCounter, isMap, isScalar, parseDocument, type Document, type ParsedNode, type YAMLParseError } from "yaml";

import { isMapping } from "./layer.ts";
import { showValue, toConfigError, type Problem } from "./problem.ts";

const MAX_CHARACTERS = 1_000_000;
/** A settings file has no use for more; it keeps a nest of aliases from unfolding into gigabytes. */
const MAX_ALIASES = 50;

/** A mapping read from YAML that remembers on which line each key stands. */
export interface YamlMapping {
  readonly values: Readonly<Record<string, unknown>>;
  /** Line of the deepest part of the path that is there, from 1; null where not even its first key is. */
  lineOf(path: readonly string[]): number | null;
}

/**
 * Reads a YAML mapping; an empty text is an empty mapping.
 * Throws a LabError `bad_config` naming place and line for broken YAML, repeated keys, too many aliases or anything but a mapping.
 */
export function parseYamlMapping(text: string, place: string): YamlMapping {
  if (text.length > MAX_CHARACTERS) {
    throw toConfigError([{ place, what: `must have at most ${MAX_CHARACTERS} characters, got ${text.length}` }]);
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true });
  const lineAt = (offset: number) => lineCounter.linePos(offset).line;
  const broken: Problem[] = document.errors.map((error) => ({
    place: `${place} line ${lineAt(error.pos[0])}`,
    what: describeYamlError(error),
  }));
  if (broken.length > 0) throw toConfigError(broken);
  const values = unfold(document, place) ?? {};
  if (!isMapping(values))
    throw toConfigError([{ place, what: `must be a mapping of settings, got ${showValue(values)}` }]);
  return { values, lineOf: (path) => findLine(document.contents, path, lineAt) };
}

/** Reads one value as YAML: `5`, `true`, `null`, `[15, 25]`, `{from: 0, to: 55}` or plain text. Throws a LabError `bad_config`. */
export function parseYamlValue(text: string, place: string): unknown {
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
  const error = document.errors[0];
  if (error !== undefined) throw toConfigError([{ place, what: describeYamlError(error) }]);
  return unfold(document, place);
}

function unfold(document: Document.Parsed, place: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    throw toConfigError([{ place, what: toSentence(error.message) }]);
  }
}

function findLine(root: ParsedNode | null, path: readonly string[], lineAt: (offset: number) => number): number | null {
  let node: unknown = root;
  let line: number | null = null;
  for (const key of path) {
    const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    if (pair === undefined || !isScalar(pair.key) || pair.key.range == null) break;
    line = lineAt(pair.key.range[0]);
    node = pair.value;
  }
  return line;
}

function describeYamlError(error: YAMLParseError): string {
  if (error.code === "MULTIPLE_DOCS") return "must hold one YAML document, got several";
  return toSentence(error.message);
}

function toSentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
