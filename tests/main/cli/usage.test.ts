import { describe, expect, it } from "vitest";

import { makeBench } from "./bench.ts";

const COMMANDS = [
  "demo",
  "doctor",
  "data",
  "search",
  "derive",
  "sample",
  "train",
  "eval",
  "robustness",
  "denoise",
  "runs",
  "bundle",
  "home",
  "tonight",
  "config",
  "store",
];

describe("hinas --help", () => {
  it("lists every command on stdout", async () => {
    const { run } = await makeBench();
    const { code, stdout, stderr } = await run(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  });

  it.each(COMMANDS)("explains %s", async (command) => {
    const { run } = await makeBench();
    const { code, stdout } = await run([command, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: hinas ${command}`);
    expect(stdout).toContain("--json");
  });
});

describe("wrong usage", () => {
  it.each([
    [["serch"], "error: unknown command 'serch'\n(Did you mean search?)"],
    [["search", "--epoch", "3"], "error: unknown option '--epoch'\n(Did you mean --epochs?)"],
    [["search", "--set", "epochs"], "It must be KEY=VALUE."],
    [
      ["search", "--resume", "RUN", "--seed", "3"],
      "error: option '--seed <n>' cannot be used with option '--resume <run>'",
    ],
    [["train"], "error: give either an architecture or --resume RUN"],
    [["train", "a.json", "--resume", "RUN"], "error: give either an architecture or --resume RUN"],
    ...[["search"], ["study", "study.yaml"], ["studies", "resume", "STUDY"], ["tonight", "--data", "mine"]].map(
      (command): [string[], string] => [[...command, "--device", "tpu"], "It must be auto, cpu, or gpu:0 and up."],
    ),
    [["derive"], "error: missing required argument 'run'"],
    [["derive", "RUN", "--epoch", "-3"], "It must be a whole number from 0."],
    [["denoise", ""], 'error: arguments must not be empty, got ""'],
    [["runs", "rm", ""], 'error: arguments must not be empty, got ""'],
    [["denoise", "a.png", "--out", ""], 'error: --out must name a place, got ""'],
    [["--home", "", "runs", "ls"], 'error: --home must name a place, got ""'],
    [["denoise", "RUN"], "error: missing required argument 'input'"],
    [["denoise", "RUN", "a.png", "--strength", "2"], "It must be from 0 to 1."],
    ...["0", "63", "1048577", "1000000000000"].map((memory): [string[], string] => [
      ["denoise", "RUN", "a.png", "--memory", memory],
      `error: option '--memory <MB>' argument '${memory}' is invalid. It must be from 64 to 1048576.`,
    ]),
    [["denoise", "RUN", "a.png", "--format", "gif"], "Allowed choices are png, tiff, jpeg, webp, avif."],
    [["runs", "rm", "RUN"], "error: without a terminal, rm needs --yes"],
  ])("%j exits with 2 and says why on stderr", async (args, message) => {
    const { run } = await makeBench();
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("is told as JSON on stdout, too, where JSON was asked for", async () => {
    const { run } = await makeBench();
    const told = async (args: readonly string[]) => {
      const { code, stdout } = await run(args);
      expect(code).toBe(2);
      return JSON.parse(stdout) as unknown;
    };
    const error = (message: string) => ({ error: { kind: "usage", message, exitCode: 2 } });
    expect(await told(["derive", "--json"])).toEqual(error("missing required argument 'run'"));
    expect(await told(["--json"])).toEqual(error("a command must be given"));
  });

  it("is to give no command at all, which shows the help on stderr", async () => {
    const { run } = await makeBench();
    const { code, stdout, stderr } = await run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("Usage: hinas");
  });
});
