import { Buffer } from "node:buffer";

import { describe, expect, it } from "vitest";

import { readPickle } from "#main/compute/search/tables/readPickle.ts";

const read = (base64: string): unknown => readPickle(Buffer.from(base64, "base64"), "a.bench");

/** Written by Python 3.11's pickle.dumps of {0: {"valid_perf": 0.5, "n": [1, -2, 300, 70000, -70000, 2**40], ...}, ...}. */
const PLAIN = {
  2: "gAJ9cQAoSwB9cQEoWAoAAAB2YWxpZF9wZXJmcQJHP+AAAAAAAABYAQAAAG5xA11xBChLAUr+////TSwBSnARAQBKkO7+/4oGAAAAAAABZVgBAAAAdHEFKIhOWAMAAAB4w6lxBkc/+AAAAAAAAFgBAAAAYXEHWAEAAABicQh0cQl1WAEAAABrcQpLAYVxC1gBAAAAZXEMKClLAUsChnENXXEOfXEPdHEQdS4=",
  3: "gAN9cQAoSwB9cQEoWAoAAAB2YWxpZF9wZXJmcQJHP+AAAAAAAABYAQAAAG5xA11xBChLAUr+////TSwBSnARAQBKkO7+/4oGAAAAAAABZVgBAAAAdHEFKIhOWAMAAAB4w6lxBkc/+AAAAAAAAFgBAAAAYXEHWAEAAABicQh0cQl1WAEAAABrcQpLAYVxC1gBAAAAZXEMKClLAUsChnENXXEOfXEPdHEQdS4=",
  4: "gASVfwAAAAAAAAB9lChLAH2UKIwKdmFsaWRfcGVyZpRHP+AAAAAAAACMAW6UXZQoSwFK/v///00sAUpwEQEASpDu/v+KBgAAAAAAAWWMAXSUKIhOjAN4w6mURz/4AAAAAAAAjAFhlIwBYpR0lHWMAWuUSwGFlIwBZZQoKUsBSwKGlF2UfZR0lHUu",
} as const;
/** numpy.float64(1.75), as numpy 1 writes it. */
const NUMBER =
  "gANjbnVtcHkuY29yZS5tdWx0aWFycmF5CnNjYWxhcgpxBmNudW1weQpkdHlwZQpxB1gCAAAAZjhxCImIh3EJUnEKKEsDWAEAAAA8cQtOTk5K/////0r/////SwB0cQxiQwgAAAAAAAD8P3ENhnEOUnEPLg==";
/** What would run a command, and what would build an OrderedDict. */
const COMMAND = "gANjcG9zaXgKc3lzdGVtCnEAWA8AAAB0b3VjaCAvdG1wL2V2aWxxAYVxAlJxAy4=";
const CLASS = "gANjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcQApUnEBWAEAAABhcQJLAXMu";
const NEWER = "gAWVBgAAAAAAAABdlEsBYS4=";

describe("readPickle", () => {
  it.each([2, 3, 4] as const)("reads numbers, texts and containers of protocol %i", (protocol) => {
    const row = new Map<unknown, unknown>([
      ["valid_perf", 0.5],
      ["n", [1, -2, 300, 70000, -70000, 2 ** 40]],
      ["t", [true, null, "xé", 1.5, "a", "b"]],
    ]);
    const expected = new Map<unknown, unknown>([
      [0, row],
      ["k", [1]],
      ["e", [[], [1, 2], [], new Map()]],
    ]);
    expect(read(PLAIN[protocol])).toEqual(expected);
  });

  it("reads a 64-bit number that numpy wrote as a number", () => {
    expect(read(NUMBER)).toBe(1.75);
  });

  it.each([
    ["a command", COMMAND, "a call of posix system"],
    ["a class", CLASS, "a call of collections OrderedDict"],
    ["a later protocol", NEWER, "must be a pickle of protocol 2 to 4, got protocol 5"],
    ["text", Buffer.from("hello").toString("base64"), "must be a pickle of protocol 2 to 4, got another kind of file"],
    ["nothing", "", "got another kind of file"],
    ["a pickle that is cut off", PLAIN[3].slice(0, 40), "must be whole, got an end at byte"],
    ["bytes as a value", "gANDAWEu", "got a bytes as a value"],
    ["a reference to nothing", "gANoBS4=", "must only refer to what it has held, got entry 5"],
    ["an opcode that is not plain data", "gANRLg==", "must hold plain data only, got opcode 0x51"],
    ["a mapping in place of a list", "gAN9SwFhLg==", "must add to a list, got a mapping"],
  ])("refuses %s", (_, base64, message) => {
    expect(() => read(base64)).toThrow(message);
    expect(() => read(base64)).toThrow("a.bench: ");
  });
});
