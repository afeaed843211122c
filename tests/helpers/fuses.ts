import { readFileSync } from "node:fs";

import { parse } from "yaml";
import { z } from "zod";

/** Electron's fuses in the order of its wire, by their names in electron-builder.yml. */
export const FUSES = [
  "runAsNode",
  "enableCookieEncryption",
  "enableNodeOptionsEnvironmentVariable",
  "enableNodeCliInspectArguments",
  "enableEmbeddedAsarIntegrityValidation",
  "onlyLoadAppFromAsar",
  "loadBrowserProcessSpecificV8Snapshot",
  "grantFileProtocolExtraPrivileges",
] as const;
export type FuseName = (typeof FUSES)[number];

const fuses = Object.fromEntries(FUSES.map((name) => [name, z.boolean()])) as Record<FuseName, z.ZodBoolean>;
export const packagingSchema = z.looseObject({
  files: z.array(z.string()),
  asar: z.literal(true),
  asarUnpack: z.array(z.string()),
  electronFuses: z.strictObject(fuses),
});

/** Reads what electron-builder.yml says. */
export function readPackaging(): z.output<typeof packagingSchema> {
  return packagingSchema.parse(parse(readFileSync("electron-builder.yml", "utf8")));
}

/** Behind this mark in Electron's program stand the wire's version, its length, and a byte for each fuse. */
const SENTINEL = "dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX";
const [ON, OFF] = [0x31, 0x30];

/** Sets the fuses in Electron's program, given as its bytes, and returns how many it has. Throws where there is no wire. */
export function setFuses(program: Buffer, wanted: Readonly<Record<FuseName, boolean>>): number {
  const mark = program.indexOf(SENTINEL);
  if (mark < 0) throw new Error("Electron's program has no fuses");
  const start = mark + SENTINEL.length;
  const count = program.readUInt8(start + 1);
  FUSES.forEach((name, index) => {
    const at = start + 2 + index;
    if (index >= count || ![ON, OFF].includes(program.readUInt8(at))) throw new Error(`there is no fuse ${name}`);
    program.writeUInt8(wanted[name] ? ON : OFF, at);
  });
  return count;
}
