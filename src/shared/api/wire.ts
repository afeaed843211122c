import { z } from "zod";

import { LAB_ERROR_KINDS, LabError } from "#shared/labError.ts";

/** A LabError's kind would be lost on any wire, so errors travel as this. */
const wireErrorSchema = z.object({
  wireError: z.literal(true),
  kind: z.enum(LAB_ERROR_KINDS).nullable(),
  message: z.string(),
  stack: z.string().nullable(),
});
type WireError = z.infer<typeof wireErrorSchema>;

/** birpc's messages: a question (`q`) or an answer (`s`), which holds a result or an error. */
const messageSchema = z.discriminatedUnion("t", [
  z.object({
    t: z.literal("q"),
    i: z.string().max(64).optional(),
    m: z.string().max(64),
    a: z.array(z.unknown()).max(8),
  }),
  z.object({ t: z.literal("s"), i: z.string().max(64), r: z.unknown().optional(), e: wireErrorSchema.optional() }),
]);

/** Where a window connects by WebSocket. */
export const SOCKET_PATH = "/lab";

/** The first message of a window over a WebSocket, before any other. */
export const greetingSchema = z.strictObject({ token: z.string().max(256) });
export type Greeting = z.infer<typeof greetingSchema>;

/** WebSocket close codes that a window should tell from a lost connection. */
export const CLOSE_CODES = { wrongToken: 4401, malformed: 4400, shutDown: 4503 } as const;

/** Replaces the error of one of birpc's answers, which stands under `e`, by what can travel. Stacks stay where `withStack` is off. */
export function packError(message: object, withStack: boolean): object {
  if (!("e" in message)) return message;
  const { e: error } = message;
  const wire: WireError = {
    wireError: true,
    kind: error instanceof LabError ? error.kind : null,
    message: error instanceof Error ? error.message : String(error),
    stack: withStack && error instanceof Error ? (error.stack ?? null) : null,
  };
  return { ...message, e: wire };
}

/** Makes an Error, or a LabError of its kind, of what `packError` made. */
export function unpackError<T extends object>(message: T): T {
  if (!("e" in message)) return message;
  const wire = wireErrorSchema.safeParse(message.e);
  if (!wire.success) return message;
  const { kind, message: text, stack } = wire.data;
  const error = kind === null ? new Error(text) : new LabError(kind, text);
  if (stack !== null) error.stack = stack;
  return { ...message, e: error };
}

/** Writes one of birpc's messages as text; stacks of errors stay at home. */
export function encodeMessage(message: object): string {
  return JSON.stringify(packError(message, false));
}

/** Reads what `encodeMessage` wrote. Throws LabError `bad_data` for anything else. */
export function decodeMessage(text: unknown): object {
  const parsed = messageSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new LabError("bad_data", "wire: a message must be a question or an answer, got neither");
  return unpackError(parsed.data);
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}
