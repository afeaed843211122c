import { execFile } from "node:child_process";
import { cp, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

import ts from "typescript";

import { makeFolder } from "#tests/helpers/labHome.ts";

const run = promisify(execFile);

/** What a toy needs of the project; node_modules are linked. */
const COPIED = ["src", "package.json", "tsconfig.base.json", "tsconfig.main.json", "tests/recipes/scripts"];

/** A copy of the project that a toy is added to as its recipe says. */
export interface ProjectCopy {
  /** Files of the copy that were written or changed, sorted. */
  readonly touched: () => readonly string[];
  /** Writes a file of the toy's where the recipe wants it. */
  write(file: string, text: string): Promise<void>;
  /** The same with the text of another file. */
  add(file: string, from: string): Promise<void>;
  /** Puts text right after the only place where `anchor` stands, or before it. */
  insert(file: string, place: { readonly after: string } | { readonly before: string }, text: string): Promise<void>;
  /** Takes an insertion back, or makes one: exchanges the only place where `found` stands. */
  exchange(file: string, found: string, text: string): Promise<void>;
  /** Type-checks src/main with all that it imports, and `more` files: `file(line): message`; empty where all is well. */
  check(...more: readonly string[]): readonly string[];
  /** Runs a script of tests/recipes/scripts in the copy and returns the JSON that it prints last. */
  runScript(name: string): Promise<unknown>;
}

/** Copies the project to a folder that is removed at the test's end, or when the caller says. */
export async function copyProject(onEnd?: Parameters<typeof makeFolder>[0]): Promise<ProjectCopy> {
  const folder = await makeFolder(onEnd);
  await mkdir(join(folder, "tests/recipes"), { recursive: true });
  for (const path of COPIED) await cp(path, join(folder, path), { recursive: true });
  await symlink(join(process.cwd(), "node_modules"), join(folder, "node_modules"), "junction");
  const touched = new Set<string>();
  const write = async (file: string, text: string): Promise<void> => {
    touched.add(file);
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  const exchange: ProjectCopy["exchange"] = async (file, found, text) => {
    const parts = (await readFile(join(folder, file), "utf8")).split(found);
    if (parts.length !== 2) throw new Error(`${file}: must have "${found}" once, got ${parts.length - 1} times`);
    await write(file, parts.join(text));
  };
  const check = createChecker(folder);
  return {
    touched: () => [...touched].toSorted(),
    write,
    add: async (file, from) => write(file, await readFile(from, "utf8")),
    insert: (file, place, text) =>
      "after" in place
        ? exchange(file, place.after, `${place.after}${text}`)
        : exchange(file, place.before, `${text}${place.before}`),
    exchange,
    check,
    runScript: async (name) => {
      const { stdout } = await run(process.execPath, [join("tests/recipes/scripts", name)], { cwd: folder });
      return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as unknown;
    },
  };
}

/** A second check looks only at what has changed since the first, and at what depends on that. */
function createChecker(folder: string): ProjectCopy["check"] {
  const read = ts.readConfigFile(join(folder, "tsconfig.main.json"), ts.sys.readFile);
  let before: ts.SemanticDiagnosticsBuilderProgram | undefined;
  return (...more) => {
    const { options, fileNames } = ts.parseJsonConfigFileContent(read.config, ts.sys, folder);
    const host = ts.createIncrementalCompilerHost(options);
    const roots = [...fileNames, ...more.map((file) => join(folder, file))];
    const program = ts.createSemanticDiagnosticsBuilderProgram(roots, options, host, before);
    before = program;
    return [...program.getSyntacticDiagnostics(), ...program.getSemanticDiagnostics()].map((found) => {
      const message = ts.flattenDiagnosticMessageText(found.messageText, " ");
      if (found.file === undefined || found.start === undefined) return message;
      const { line } = found.file.getLineAndCharacterOfPosition(found.start);
      return `${relative(folder, found.file.fileName).replaceAll("\\", "/")}(${line + 1}): ${message}`;
    });
  };
}
