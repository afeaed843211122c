import { expect, it } from "vitest";

import { reportFailure } from "#main/cli/failure.ts";
import { createTerminal } from "#main/cli/terminal.ts";
import { LabError } from "#shared/labError.ts";

function report(error: unknown, options: { verbose?: boolean; quiet?: boolean } = {}, isJson = false) {
  let talk = "";
  let data = "";
  const stderr = { write: (text: string) => (talk += text) };
  const stdout = { write: (text: string) => (data += text) };
  const terminal = createTerminal({ stdout, stderr, quiet: false, verbose: false, color: false, ...options });
  return { code: reportFailure(error, terminal, isJson), talk, data };
}

it("says a known trouble's message alone", () => {
  const { code, talk } = report(new LabError("bad_data", "data: folder must hold photos, got none"));
  expect({ code, talk }).toEqual({ code: 3, talk: "data: folder must hold photos, got none\n" });
});

it("says what to do next about a missing engine", () => {
  expect(report(new LabError("engine", "engine: none")).talk).toContain("hinas doctor");
});

it("calls a bug a fault of the program and keeps the stack trace for --verbose", () => {
  const bug = new Error("x is undefined");
  expect(report(bug)).toMatchObject({
    code: 1,
    talk: "hinas: this is a fault in the program: x is undefined\nRun it again with --verbose to see where it happened.\n",
  });
  expect(report(bug, { verbose: true }).talk).toContain("failure.test.ts");
});

it("shows the causes of a trouble when verbose", () => {
  const error = new LabError("disk", "write a.png: the disk is full", { cause: new Error("ENOSPC") });
  expect(report(error, { verbose: true }).talk).toContain("caused by Error: ENOSPC");
});

it("reports trouble also when quiet", () => {
  expect(report(new LabError("disk", "the disk is full"), { quiet: true }).talk).toBe("the disk is full\n");
});

it.each([
  [
    new LabError("not_found", "run: none begins so"),
    { kind: "not_found", message: "run: none begins so", exitCode: 3 },
  ],
  [new Error("x is undefined"), { kind: null, message: "x is undefined", exitCode: 1 }],
])("is one JSON object on stdout where that is wanted: %s", (trouble, error) => {
  const { data, talk } = report(trouble, {}, true);
  expect(JSON.parse(data)).toEqual({ error });
  expect(talk).toContain(error.message);
  expect(report(trouble).data).toBe("");
});
