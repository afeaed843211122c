import type { JobName, Jobs } from "./jobs.ts";

declare const made: unique symbol;

/** What a thread makes when a job in it needs it: the main thread names it, and never gets it. */
export interface Later<T> {
  readonly later: LaterJob | LaterPart;
  readonly [made]?: T;
}

interface LaterJob {
  readonly job: JobName;
  readonly args: readonly unknown[];
}

interface LaterPart {
  readonly whole: unknown;
  readonly part: PropertyKey;
}

/** A value, or how a thread makes it. */
export type OrLater<T> = T | Later<T>;

/** A value of which any part may be made in the thread. */
export type Given<T> = OrLater<T> | GivenParts<T>;
type GivenParts<T> = T extends ArrayBufferView
  ? never
  : T extends object
    ? { readonly [K in keyof T]: Given<T[K]> }
    : never;

/** What comes of a value when a thread has made what stands in it. */
export type Made<T> = T extends Later<infer U> ? U : T;

type GivenAll<T extends readonly unknown[]> = { readonly [Index in keyof T]: Given<T[Index]> };
export type JobArguments<Name extends JobName> = GivenAll<Parameters<Jobs[Name]>>;
export type JobResult<Name extends JobName> = Awaited<ReturnType<Jobs[Name]>>;

/** Names what a job makes. Where one such name stands in several places of what one thread does, the job is done once. */
export function later<Name extends JobName>(job: Name, ...args: JobArguments<Name>): Later<JobResult<Name>> {
  return { later: { job, args } };
}

/** Names a part of a value, or takes it where the value is here already. */
export function partOf<T extends object, K extends keyof T>(whole: OrLater<T>, part: K): OrLater<T[K]> {
  return isLater(whole) ? { later: { whole, part } } : whole[part];
}

/** Tells whether a value is still to be made in a thread. */
export function isLater(value: unknown): value is Later<unknown> {
  return typeof value === "object" && value !== null && "later" in value;
}
