import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { writeFileAtomically } from "#main/files/writeFileAtomically.ts";
import { letPass } from "#shared/labError.ts";
import { toDiskError } from "#main/files/diskError.ts";

import { makePrivateFile, makePrivateHome, PRIVATE_FILE } from "./privateHome.ts";

const TOKEN_FILE = "serve-token";
const TOKEN_BYTES = 24;
const TOKEN = /^[\w-]{32}$/;

/**
 * Returns the token of the lab's server, the same at every start, so that bookmarks and open tabs stay good; it is made where there is none,
 * where its file holds none, and where `isRenewed` says so. Its file is for the owner alone. Throws LabError `disk` or `permission`.
 */
export async function getServeToken(home: string, isRenewed: boolean): Promise<string> {
  const file = join(home, TOKEN_FILE);
  const kept = isRenewed ? undefined : await readToken(file).catch(letPass("not_found"));
  if (kept !== undefined && TOKEN.test(kept)) {
    makePrivateFile(file);
    return kept;
  }
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  makePrivateHome(home);
  await writeFileAtomically(file, `${token}\n`, PRIVATE_FILE);
  return token;
}

async function readToken(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw toDiskError(`read ${file}`, cause);
  });
  return text.trim();
}
