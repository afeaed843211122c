import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { createLab } from "#main/lab/lab.ts";
import { serveLab } from "#main/server/serveLab.ts";

/** Serves a lab with the scripted compute process and a window of one line until the process is ended. */
const folder = process.argv[2] ?? "";
const rendererFolder = join(folder, "window");
await mkdir(rendererFolder, { recursive: true });
await writeFile(join(rendererFolder, "index.html"), "<title>HiNAS Lab</title>");
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const lab = createLab({ home: join(folder, "home"), log, computeEntry: resolve("tests/helpers/scriptedWorker.ts") });
const { port, token } = await serveLab({ lab, rendererFolder, host: "127.0.0.1", port: 0, log });
process.stdout.write(`${JSON.stringify({ port, token })}\n`);
