import { transferableSymbol, valueSymbol } from "piscina";

import { packError, unpackError } from "#shared/api/wire.ts";
import { LabError } from "#shared/labError.ts";

import { toSharedFloats } from "./sharedFloats.ts";

/** What a thread answers: errors travel by what they say, or their kind would be lost. */
export type ThreadAnswer = { readonly value: unknown } | { readonly e: unknown };

/** What V8 and libvips say when memory runs out. */
const OUT_OF_MEMORY = /allocation failed|out of memory|invalid (typed )?array (buffer )?length/i;

/** Does work and packs what comes of it so that it leaves the thread without a copy: floats are shared, bytes are handed over. */
export async function packAnswer(work: () => Promise<unknown>): Promise<ThreadAnswer> {
  try {
    const moved: ArrayBuffer[] = [];
    const answer = { value: pack(await work(), moved) };
    Object.defineProperties(answer, { [transferableSymbol]: { value: moved }, [valueSymbol]: { value: answer } });
    return answer;
  } catch (error) {
    return { e: null, ...packError({ e: toMemoryError(error) }, true) };
  }
}

/** Takes the result out of a thread's answer. Throws the error that the work has thrown. */
export function unpackAnswer(answer: ThreadAnswer): unknown {
  if ("value" in answer) return answer.value;
  const { e: error } = unpackError(answer);
  throw error instanceof Error ? error : new Error(String(error));
}

function pack(value: unknown, moved: ArrayBuffer[]): unknown {
  if (value instanceof Float32Array) return toSharedFloats(value);
  if (value instanceof Uint8Array) {
    const own = new Uint8Array(value); // what lies in memory of libvips or in a pool cannot be handed over
    moved.push(own.buffer);
    return own;
  }
  if (Array.isArray(value)) return value.map((each) => pack(each, moved));
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, pack(each, moved)]));
}

function toMemoryError(error: unknown): unknown {
  if (error instanceof LabError || !(error instanceof Error) || !OUT_OF_MEMORY.test(error.message)) return error;
  return new LabError("memory", `there is not enough memory for this photo (${error.message})`, { cause: error });
}
