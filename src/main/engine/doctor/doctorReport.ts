import { ONNX_DEVICE_NAMES, type OnnxDevice } from "#shared/api/denoising.ts";
import type { DoctorReport, EngineFacts, OnnxDeviceFacts, SelfTestResult, SystemFacts } from "#shared/api/doctor.ts";

import { adviseNext } from "./doctorAdvice.ts";

/** Puts together what is known of the engine and the machine, with what to do next. */
export function makeDoctorReport(
  engine: EngineFacts,
  selfTest: readonly SelfTestResult[],
  system: SystemFacts,
  onnxDevices: readonly OnnxDeviceFacts[],
): DoctorReport {
  const healthy = engine.backend === "tensorflow" && selfTest.every((result) => result.ok);
  return { healthy, engine, selfTest, onnxDevices, system, advice: adviseNext(engine, selfTest, system) };
}

/** Renders a report for people, as plain text with a final newline. */
export function doctorText(report: DoctorReport): string {
  const { advice, engine, selfTest, onnxDevices, system } = report;
  const sections = [
    renderSection("Engine", getEngineRows(engine)),
    renderSection(
      "Routes",
      engine.routes.map((route) => [route.ok ? "works" : "no", `${route.route}: ${route.detail}`]),
    ),
    renderSection("Self-test: largest relative error of each gradient", selfTest.map(getSelfTestRow)),
    renderSection(
      "Denoising by onnxruntime (`--device`, settings)",
      onnxDevices.map(({ device, ok, detail }) => [ok ? "works" : "no", describeDevice(device, detail)]),
    ),
    renderSection("Machine", getMachineRows(system)),
    renderSection(
      "What to do next",
      advice.length === 0 ? [["-", "Nothing: all is well."]] : advice.map((line) => ["-", line]),
    ),
  ];
  return sections.join("\n");
}

function describeDevice(device: OnnxDevice, detail: string): string {
  return `${device} (${ONNX_DEVICE_NAMES[device]})${detail === "works" ? "" : `: ${detail}`}`;
}

type Row = readonly [name: string, value: string];

function getEngineRows(engine: EngineFacts): readonly Row[] {
  return [
    ["back end", engine.backend === "tensorflow" ? "TensorFlow" : "plain JavaScript (slow)"],
    ["TensorFlow", engine.tensorflowVersion ?? "none"],
    ["device", engine.device],
    ["oneDNN", engine.oneDnn ? "on" : "off"],
    ["dilated convolution", engine.dilatedConvolution.replaceAll("_", " ")],
  ];
}

function getSelfTestRow({ name, ok, relativeError, tolerance }: SelfTestResult): Row {
  const error = `${relativeError.toExponential(1)} (up to ${tolerance.toExponential(0)})`;
  return [ok ? "ok" : "WRONG", `${name}: ${error}`];
}

function getMachineRows(system: SystemFacts): readonly Row[] {
  const { cpu, memory, tools } = system;
  const malloc = Object.entries(system.malloc).map(([name, value]) => `${name}=${value}`);
  return [
    ["Node", system.node],
    ["system", system.platform],
    ["processor", `${cpu.model}, ${cpu.cores} cores, AVX2 ${toWord(cpu.avx2)}, AVX-512 ${toWord(cpu.avx512)}`],
    ["memory", `${toGb(memory.availableMb)} available of ${toGb(memory.totalMb)}`],
    ["malloc", malloc.length === 0 ? "not set" : malloc.join(" ")],
    ...system.disks.map(({ holds, folder, freeMb }): Row => [holds, `${folder}, ${toGb(freeMb)} free`]),
    ["GPU", system.gpus.length === 0 ? "no NVIDIA GPU found" : system.gpus.join("; ")],
    ["python3 with pip", tools.python ?? "not found"],
    ["C++ compiler", tools.compiler ?? "not found"],
  ];
}

function renderSection(title: string, rows: readonly Row[]): string {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  return [title, ...lines, ""].join("\n");
}

function toWord(flag: boolean | null): string {
  if (flag === null) return "unknown";
  return flag ? "yes" : "no";
}

function toGb(megabytes: number | null): string {
  return megabytes === null ? "unknown" : `${(megabytes / 1000).toFixed(1)} GB`;
}
