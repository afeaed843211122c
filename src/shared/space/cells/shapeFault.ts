import type { z } from "zod";

/** Says what the first of zod's issues means for a reader of the file: `place must ..., got ...`. */
export function shapeFault(issues: readonly z.core.$ZodIssue[]): string {
  const [issue] = issues;
  if (issue === undefined) throw new Error("shapeFault: a refused genotype must come with at least one issue");
  const place = pathText(issue.path);
  if (issue.code === "unrecognized_keys") return `${place} must not have the key ${issue.keys.join(", ")}`;
  return `${place} ${expectation(issue)}, got ${excerpt(issue.input)}`;
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return text === "" ? "the genotype" : text.replace(/^\./, "");
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `must be ${issue.values.length > 1 ? "one of " : ""}${issue.values.map(String).join(", ")}`;
    case "invalid_type":
      return `must be of type ${issue.expected}`;
    case "too_small":
      return issue.origin === "array" ? `must hold at least ${issue.minimum}` : `must be at least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "array" ? `must hold at most ${issue.maximum}` : `must be at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

/** Shows a value in at most 60 characters. */
function excerpt(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
