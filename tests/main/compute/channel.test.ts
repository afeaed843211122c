import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { describe, expect, it } from "vitest";

const run = promisify(execFile);

/** A worker whose pipe is broken when it has something to tell. */
const SCRIPT = `
import { serveHost } from "#main/compute/channel.ts";
process.send = (message, handle, options, done) => done(new Error("write EPIPE"));
const tell = serveHost({});
tell.onTile(1, 2);
tell.onEvent({ type: "log", level: "info", message: "still here" });
setTimeout(() => process.stdout.write("went on"), 50).unref();
setTimeout(() => process.exit(0), 100);
`;

describe("a compute process whose host has just gone", () => {
  it("does not die of what it can no longer tell: it ends when it hears of the end", async () => {
    const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", SCRIPT]);
    expect(stdout).toBe("went on");
  });
});
