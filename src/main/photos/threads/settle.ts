import { isLater, type Later } from "./later.ts";

/** Does a job by its name. */
type DoJob = (job: string, args: readonly unknown[]) => unknown;

/** Makes all that stands in a value as `later`, one after the other, each once; the rest stays as it is. Throws what a job throws. */
export async function settle(value: unknown, doJob: DoJob, known = new Map<object, unknown>()): Promise<unknown> {
  const go = (each: unknown): Promise<unknown> => settle(each, doJob, known);
  if (isLater(value)) {
    if (!known.has(value)) known.set(value, await make(value, doJob, go));
    return known.get(value);
  }
  if (Array.isArray(value)) {
    const all: unknown[] = [];
    for (const each of value) all.push(await go(each));
    return all;
  }
  if (!isPlain(value)) return value;
  const parts: [string, unknown][] = [];
  for (const [name, each] of Object.entries(value)) parts.push([name, await go(each)]);
  return Object.fromEntries(parts);
}

async function make(
  { later }: Later<unknown>,
  doJob: DoJob,
  go: (value: unknown) => Promise<unknown>,
): Promise<unknown> {
  if ("job" in later) return doJob(later.job, (await go(later.args)) as readonly unknown[]);
  const whole: unknown = await go(later.whole);
  if (typeof whole !== "object" || whole === null)
    throw new Error(`threads: no ${String(later.part)} in ${typeof whole}`);
  return (whole as Readonly<Record<PropertyKey, unknown>>)[later.part];
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
