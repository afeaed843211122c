import { describe, expect, it } from "vitest";

import { runTool } from "#main/engine/install/runTool.ts";

describe("runTool", () => {
  const runScript = (script: string, timeoutMs = 60_000): ReturnType<typeof runTool> =>
    runTool(process.execPath, ["-e", script], { timeoutMs });

  it("returns what a program printed", async () => {
    expect(await runScript("console.log(6 * 7)")).toEqual({
      ok: true,
      stdout: "42\n",
      failure: null,
      isInterrupted: false,
    });
  });

  it("names a program that is missing", async () => {
    const result = await runTool("no-such-program", [], { timeoutMs: 60_000 });
    expect(result).toEqual({ ok: false, stdout: "", failure: "no-such-program was not found", isInterrupted: false });
  });

  it("quotes the line that states the error, wherever it stands", async () => {
    const result = await runScript(`console.error("a\\nx.cc:3: error: no such type\\nz"); process.exit(3)`);
    expect(result.failure).toBe("node ended with code 3: x.cc:3: error: no such type");
  });

  it("quotes the last line where none states an error", async () => {
    const result = await runScript(`console.error("first\\nlast\\n"); process.exit(1)`);
    expect(result.failure).toBe("node ended with code 1: last");
  });

  it("ends a program that takes too long", async () => {
    const result = await runScript("setInterval(() => {}, 1000)", 300);
    expect(result).toMatchObject({ ok: false, failure: "node ended with no end after 0.3 s: it said nothing" });
  });

  it("names the signal of a program that crashed", async () => {
    const result = await runScript(`process.kill(process.pid, "SIGILL"); setInterval(() => {}, 1000)`);
    expect(result).toMatchObject({ failure: "node ended with SIGILL: it said nothing", isInterrupted: false });
  });

  it("ends a program when it is told to, and starts none after that", async () => {
    const stop = new AbortController();
    const running = runTool(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
      timeoutMs: 60_000,
      signal: stop.signal,
    });
    stop.abort();
    expect(await running).toMatchObject({ ok: false, isInterrupted: true });
    const late = await runTool("no-such-program", [], { timeoutMs: 60_000, signal: stop.signal });
    expect(late).toMatchObject({ ok: false, failure: "no-such-program was stopped", isInterrupted: true });
  });
});
