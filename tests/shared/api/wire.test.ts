import { describe, expect, it } from "vitest";

import { LabError } from "#shared/labError.ts";
import { decodeMessage, encodeMessage, packError, unpackError } from "#shared/api/wire.ts";

describe("messages", () => {
  it.each([
    ["a question", { t: "q", i: "1", m: "listRuns", a: [] }],
    ["a question with arguments", { t: "q", i: "1", m: "derive", a: ["01H", null] }],
    ["an answer", { t: "s", i: "1", r: { runs: [1.5, null] } }],
  ])("carry %s unchanged", (_title, message) => {
    expect(decodeMessage(encodeMessage(message))).toEqual(message);
  });

  it("carry a LabError with its kind and without its stack", () => {
    const text = encodeMessage({ t: "s", i: "1", e: new LabError("not_found", "run: no run begins with Z") });
    expect(text).not.toContain("wire.test.ts");
    const { e: error } = decodeMessage(text) as { e: unknown };
    expect(error).toBeInstanceOf(LabError);
    expect(error).toMatchObject({ kind: "not_found", message: "run: no run begins with Z" });
  });

  it("carry any other error as a plain one", () => {
    const { e: error } = decodeMessage(encodeMessage({ t: "s", i: "1", e: new TypeError("x is no function") })) as {
      e: unknown;
    };
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(LabError);
    expect(error).toMatchObject({ message: "x is no function" });
  });

  it.each([
    ["no JSON", "{"],
    ["no message", "[]"],
    ["a question without a name", '{"t":"q","a":[]}'],
    ["a question whose arguments are no list", '{"t":"q","m":"x","a":{}}'],
    ["an error of an unknown kind", '{"t":"s","i":"1","e":{"wireError":true,"kind":"odd","message":"","stack":null}}'],
    ["far too many arguments", JSON.stringify({ t: "q", m: "x", a: Array(9).fill(0) })],
  ])("are refused where they are %s", (_title, text) => {
    expect(() => decodeMessage(text)).toThrow(expect.objectContaining({ kind: "bad_data" }));
  });
});

describe("errors between own processes", () => {
  it("keep their stack", () => {
    const error = new LabError("memory", "needs 9 GB, got 1 GB");
    const { e: back } = unpackError(packError({ t: "s", e: error }, true) as { e: unknown });
    expect(back).toMatchObject({ kind: "memory", stack: error.stack });
  });
});
