import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { KNOWN_WHEELS, type KnownWheels } from "#main/engine/install/knownWheels.ts";

/** The programs that the wheel route runs; null where this machine lacks one of them. */
export const TOOLS = findTools();

const ADDON_SOURCE = `
#include <node_api.h>
#include "tensorflow/c/c_api.h"
static napi_value Init(napi_env env, napi_value exports) {
  napi_value version;
  napi_create_string_utf8(env, TF_Version(), NAPI_AUTO_LENGTH, &version);
  napi_set_named_property(env, exports, "TF_Version", version);
  return exports;
}
NAPI_MODULE(tfjs_binding, Init)
`;

const PACK_WHEEL = `
import os, sys, zipfile
source, wheel = sys.argv[1:]
info = "tensorflow_cpu-2.21.0.dist-info/"
with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
    for folder, _, names in os.walk(source):
        for name in names:
            path = os.path.join(folder, name)
            archive.write(path, os.path.relpath(path, source))
    archive.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tensorflow-cpu\\nVersion: 2.21.0\\n")
    archive.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: false\\nTag: py3-none-any\\n")
    archive.writestr(info + "RECORD", "")
`;

/** A stand-in for the tfjs-node-gpu package, whose addon only tells TensorFlow's version. */
export function makePackage(folder: string): string {
  mkdirSync(join(folder, "binding"), { recursive: true });
  writeFileSync(join(folder, "binding", "tfjs_binding.cc"), ADDON_SOURCE);
  return folder;
}

/** Makes a folder with a wheel of a TensorFlow whose only function is TF_Version, for pip to take instead of an index, and returns what is to be known of it. */
export function makeWheelhouse(folder: string, libraries: readonly string[]): KnownWheels {
  const source = join(folder, "source", "tensorflow");
  const headers = join(source, "include", "tensorflow", "c");
  mkdirSync(headers, { recursive: true });
  writeFileSync(join(headers, "c_api.h"), 'extern "C" const char* TF_Version(void);\n');
  const code = join(folder, "library.cc");
  writeFileSync(code, 'extern "C" const char* TF_Version(void) { return "2.21.0"; }\n');
  for (const name of libraries) {
    const file = `${name}.so.2`;
    execFileSync("g++", ["-shared", "-fPIC", code, `-Wl,-soname,${file}`, "-o", join(source, file)]);
  }
  const wheel = join(folder, "tensorflow_cpu-2.21.0-py3-none-any.whl");
  execFileSync("python3", ["-c", PACK_WHEEL, join(folder, "source"), wheel]);
  const sha256 = [createHash("sha256").update(readFileSync(wheel)).digest("hex")];
  const { tensorflow } = KNOWN_WHEELS;
  return { ...KNOWN_WHEELS, tensorflow: { ...tensorflow, cpu: { ...tensorflow.cpu, sha256 } } };
}

/** Makes a folder with the sources of a package that goes by TensorFlow's name and, built, leaves a file. */
export function makeSourcePackage(folder: string, ran: string): void {
  const source = join(folder, "tensorflow_cpu-2.21.0");
  mkdirSync(source, { recursive: true });
  const text = `open(${JSON.stringify(ran)}, "w").close()\nfrom setuptools import setup\nsetup(name="tensorflow-cpu", version="2.21.0")\n`;
  writeFileSync(join(source, "setup.py"), text);
  writeFileSync(join(source, "PKG-INFO"), "Metadata-Version: 2.1\nName: tensorflow-cpu\nVersion: 2.21.0\n");
  execFileSync("tar", ["-czf", `${source}.tar.gz`, "-C", folder, "tensorflow_cpu-2.21.0"]);
}

/** An environment in which pip sees only a wheelhouse and no network. */
export function withWheelhouse(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, PIP_NO_INDEX: "1", PIP_FIND_LINKS: folder, PIP_CONFIG_FILE: "/dev/null" };
}

/** An environment whose PATH holds nothing but the named programs. */
export function withPrograms(folder: string, programs: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  mkdirSync(folder);
  for (const [name, target] of Object.entries(programs)) symlinkSync(target, join(folder, name));
  return { PATH: folder };
}

/** Writes a program of a few lines of JavaScript. */
export function writeProgram(file: string, script: string): void {
  writeFileSync(file, `#!${process.execPath}\n${script}\n`, { mode: 0o755 });
}

/** An environment with a compiler and a Python whose pip does what `download` says in place of a download. */
export function withPip(folder: string, download: string): NodeJS.ProcessEnv {
  mkdirSync(folder);
  writeProgram(join(folder, "g++"), "");
  writeProgram(join(folder, "python3"), `if (!process.argv.includes("--version")) { ${download} }`);
  return { PATH: folder };
}

function findTools(): { readonly python: string; readonly compiler: string } | null {
  if (process.platform !== "linux") return null;
  try {
    execFileSync("python3", ["-m", "pip", "--version"], { stdio: "ignore" });
    const python = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
    return { python, compiler: execFileSync("which", ["g++"], { encoding: "utf8" }).trim() };
  } catch {
    return null;
  }
}
