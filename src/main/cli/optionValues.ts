import { InvalidArgumentError, Option } from "commander";

import { type EngineDevice, engineDeviceSchema } from "#shared/api/engineDevice.ts";
import { MOST_RUNS_AT_ONCE } from "#shared/api/preferences.ts";
import { MEMORY_BUDGET_RANGE_MB } from "#shared/image/memoryBudget.ts";

/** Reads an option that counts: a whole number from 0. Throws commander's error, which becomes exit code 2. */
export function parseCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number from 0.");
  return Number(text);
}

/** Reads an option between 0 and 1. Throws commander's error, which becomes exit code 2. */
export function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1)) throw new InvalidArgumentError("It must be from 0 to 1.");
  return value;
}

/** Reads a noise level on the 0..255 scale. Throws commander's error, which becomes exit code 2. */
export function parseSigma(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 255)) throw new InvalidArgumentError("It must be from 0 to 255.");
  return value;
}

/** Reads a memory budget in MB. Throws commander's error, which becomes exit code 2. */
export function parseMemoryBudget(text: string): number {
  const budget = parseCount(text);
  const { smallest, largest } = MEMORY_BUDGET_RANGE_MB;
  if (budget >= smallest && budget <= largest) return budget;
  throw new InvalidArgumentError(`It must be from ${smallest} to ${largest}.`);
}

/** What a command computes on, told apart from other commands' options of that name. */
export interface EngineDeviceChoice {
  readonly engine: EngineDevice;
}

/** Makes the option `--device` of commands that start the engine; the session hands it to the lab. */
export function engineDeviceOption(): Option {
  return new Option(
    "--device <name>",
    "what the engine computes on: auto, cpu, or an NVIDIA card by its number, gpu:0 (default: the settings')",
  )
    .env("HINAS_DEVICE")
    .argParser(parseEngineDevice);
}

function parseEngineDevice(text: string): EngineDeviceChoice {
  const { data, success } = engineDeviceSchema.safeParse(text === "gpu" ? "gpu:0" : text);
  if (!success) throw new InvalidArgumentError("It must be auto, cpu, or gpu:0 and up.");
  return { engine: data };
}

/** Makes the option `--runs-at-once` of commands that do several runs; the session hands it to the lab. */
export function runsAtOnceOption(): Option {
  return new Option(
    "--runs-at-once <n>",
    "how many searches and trainings this computer does at once (default: the settings')",
  )
    .env("HINAS_RUNS_AT_ONCE")
    .argParser(parseRunsAtOnce);
}

function parseRunsAtOnce(text: string): number {
  const count = parseCount(text);
  if (count >= 1 && count <= MOST_RUNS_AT_ONCE) return count;
  throw new InvalidArgumentError(`It must be from 1 to ${MOST_RUNS_AT_ONCE}.`);
}

/** Reads the number of a port. Throws commander's error, which becomes exit code 2. */
export function parsePort(text: string): number {
  const port = parseCount(text);
  if (port > 65_535) throw new InvalidArgumentError("It must be at most 65535.");
  return port;
}

/** Reads noise levels on the 0..255 scale, separated by commas. Throws commander's error, which becomes exit code 2. */
export function parseSigmas(text: string): readonly number[] {
  return text.split(",").map(parseSigma);
}
