import { describe, expect, it } from "vitest";

import { FUSES, readPackaging, setFuses } from "#tests/helpers/fuses.ts";

describe("electron-builder.yml", () => {
  it("says how each fuse stands and opens no door but the one of the compute process", () => {
    const { electronFuses } = readPackaging();
    const open = FUSES.filter((name) => electronFuses[name]);
    expect(open).toEqual([
      "runAsNode",
      "enableCookieEncryption",
      "enableEmbeddedAsarIntegrityValidation",
      "onlyLoadAppFromAsar",
    ]);
  });

  it("packs what was built and what it reads, and neither sources nor tests", () => {
    const packed = readPackaging().files.filter((pattern) => !pattern.startsWith("!"));
    expect(packed).toEqual(["out/**", "resources/**", "package.json"]);
  });

  it("leaves libraries outside of the archive, where the system finds them", () => {
    expect(readPackaging().asarUnpack).toEqual(expect.arrayContaining(["**/*.node", "**/*.{so,so.*,dll,dylib}"]));
  });
});

describe("setFuses", () => {
  const program = (wire: string) =>
    Buffer.from(`code dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x08${wire} more code`, "latin1");

  it("sets each fuse in its place and nothing else", () => {
    const bytes = program("01010101");
    expect(setFuses(bytes, readPackaging().electronFuses)).toBe(8);
    expect(bytes).toEqual(program("11001100"));
  });

  it("refuses a program without a wire, or with one that lacks a fuse", () => {
    const { electronFuses } = readPackaging();
    expect(() => setFuses(Buffer.from("code"), electronFuses)).toThrow("has no fuses");
    expect(() => setFuses(program("0101010r"), electronFuses)).toThrow("no fuse grantFileProtocolExtraPrivileges");
  });
});
