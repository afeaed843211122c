import { readFile } from "node:fs/promises";

import type { z } from "zod";

import { LabError } from "#shared/labError.ts";

import { toDiskError } from "./diskError.ts";

/** Reads and checks a JSON file. Throws LabError `not_found`, `permission`, `disk`, or `bad_data` where the content is not as the schema says. */
export async function readJsonFile<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw toDiskError(`read ${file}`, cause);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LabError("bad_data", `read ${file}: must be JSON, got ${describeText(text)}`, { cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? "the file" : issue.path.join(".");
  throw new LabError("bad_data", `read ${file}: ${place}: ${issue?.message ?? "not as expected"}`, {
    cause: result.error,
  });
}

function describeText(text: string): string {
  return text.length === 0 ? "an empty file" : JSON.stringify(text.slice(0, 40));
}
