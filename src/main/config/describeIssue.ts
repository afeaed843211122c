import type { z } from "zod";

import { isMapping } from "./layer.ts";
import { findNearestName } from "./nearestName.ts";
import { showValue } from "./problem.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What is wrong with one value: its path inside the settings and a sentence that says what was expected and what was found. */
export interface DescribedIssue {
  readonly path: readonly string[];
  readonly what: string;
}

/** Puts one finding of a schema into words, e.g. `space.nodes must be at least 1, got 0`. */
export function describeIssue(issue: Issue, settings: unknown): readonly DescribedIssue[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => describeMisplacedKey([...issue.path, key], settings));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) return describeUnion(issue, settings);
  const path = issue.path.map(String);
  const value = valueAt(settings, issue.path);
  if (issue.code === "custom") {
    return [{ path, what: `${showPath(issue.path)} ${issue.message}, got ${showValue(value)}` }];
  }
  return [{ path, what: demand(issue.path, describeExpected(issue, value), value) }];
}

function demand(path: Path, expected: string, value: unknown): string {
  return value === undefined
    ? `${showPath(path)} is missing; it must be ${expected}`
    : `${showPath(path)} must be ${expected}, got ${showValue(value)}`;
}

/** Writes a path as `space.primitives[2]`. */
function showPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

function describeMisplacedKey(path: Path, settings: unknown): DescribedIssue {
  const group = path.slice(0, -1);
  const mapping = valueAt(settings, group);
  const kind: unknown = isMapping(mapping) ? mapping["kind"] : undefined;
  const what =
    typeof kind !== "string"
      ? `${showPath(path)} is an unknown key`
      : `${showPath(path)} does not go with ${showPath([...group, "kind"])} ${kind}`;
  return { path: path.map(String), what };
}

/** A value that may have several forms: speaks of the form that the value has, or lists the forms. */
function describeUnion(issue: z.core.$ZodIssueInvalidUnion, settings: unknown): readonly DescribedIssue[] {
  const sameForm = issue.errors.find(
    (errors) => !errors.some((error) => error.code === "invalid_type" && isRoot(error)),
  );
  if (sameForm !== undefined) {
    return sameForm.flatMap((error) => describeIssue({ ...error, path: [...issue.path, ...error.path] }, settings));
  }
  const forms = issue.errors.flatMap((errors) =>
    errors.filter(isRoot).map((error) => describeExpected(error, undefined)),
  );
  const what = demand(issue.path, forms.join(" or "), valueAt(settings, issue.path));
  return [{ path: issue.path.map(String), what }];
}

function isRoot(issue: Issue): boolean {
  return issue.path.length === 0;
}

function describeExpected(issue: Issue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return describeType(issue.expected);
    case "too_small":
      return `${issue.inclusive === false ? "more than" : "at least"} ${describeAmount(issue.minimum, issue.origin)}`;
    case "too_big":
      return `${issue.inclusive === false ? "less than" : "at most"} ${describeAmount(issue.maximum, issue.origin)}`;
    case "invalid_value":
      return describeChoice(issue.values.map(String), value);
    case "invalid_union":
      return describeVariants("options" in issue ? (issue.options ?? []).map(String) : [], value);
    default:
      return issue.message;
  }
}

function describeChoice(names: readonly string[], value: unknown): string {
  return names.length === 1 ? withNearest(names.join(), names, value) : describeVariants(names, value);
}

/** Names of variants: also one alone is the list of what there is to choose from. */
function describeVariants(names: readonly string[], value: unknown): string {
  return withNearest(`one of ${names.join(", ")}`, names, value);
}

function withNearest(choice: string, names: readonly string[], value: unknown): string {
  const nearest = typeof value === "string" ? findNearestName(value, names) : null;
  return nearest === null ? choice : `${choice} (did you mean ${nearest}?)`;
}

function describeAmount(amount: number | bigint, origin: string): string {
  if (origin === "string") return `${amount} ${amount === 1 ? "character" : "characters"} long`;
  return origin === "array" ? `${amount} ${amount === 1 ? "entry" : "entries"} long` : String(amount);
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  array: "a list",
  object: "a mapping",
};

function describeType(expected: string): string {
  return TYPE_NAMES[expected] ?? expected;
}

function valueAt(settings: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => {
    if (Array.isArray(value) && typeof key === "number") return value[key] as unknown;
    return isMapping(value) && typeof key === "string" ? value[key] : undefined;
  }, settings);
}
