import { mkdtemp, rm } from "node:fs/promises";
import os, { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { doctorText, makeDoctorReport } from "#main/engine/doctor/doctorReport.ts";
import { collectSystemFacts } from "#main/engine/doctor/doctorSystem.ts";
import type { EngineFacts, OnnxDeviceFacts, SystemFacts } from "#shared/api/doctor.ts";

const NATIVE: EngineFacts = {
  backend: "tensorflow",
  tensorflowVersion: "2.21.0",
  device: "CPU",
  isGpu: false,
  oneDnn: true,
  dilatedConvolution: "native",
  fallbackReason: null,
  routes: [{ route: "TensorFlow wheel", ok: true, detail: "TensorFlow 2.21.0 in /cache" }],
};
const SYSTEM: SystemFacts = {
  node: "v24.0.0",
  platform: "Linux 6.1 x64",
  cpu: { model: "Some CPU", cores: 2, avx2: true, avx512: false },
  memory: { totalMb: 16_000, availableMb: 12_000 },
  malloc: { MALLOC_TOP_PAD_: "67108864" },
  disks: [{ holds: "lab home", folder: "/home/lab", freeMb: 50_000 }],
  gpus: [],
  tools: { python: "python3", compiler: null },
};

const DEVICES: readonly OnnxDeviceFacts[] = [
  { device: "cpu", ok: true, detail: "works" },
  { device: "webgpu", ok: false, detail: "no GPU" },
];

function withFailure(detail: string): EngineFacts {
  return {
    ...NATIVE,
    backend: "cpu",
    tensorflowVersion: null,
    routes: [{ route: "TensorFlow wheel", ok: false, detail }],
  };
}

describe("makeDoctorReport", () => {
  it("has nothing to advise where all is well", () => {
    expect(makeDoctorReport(NATIVE, [], SYSTEM, DEVICES)).toMatchObject({ healthy: true, advice: [] });
  });

  it.each([
    ["python3 with pip was not found", "apt install python3-pip"],
    ["a C++ compiler (g++) was not found", "apt install g++"],
    ["pip could not download tensorflow-cpu==2.21.0: ERROR: no route", "PIP_INDEX_URL"],
    ["the engine needs 1.4 GB free in /cache, got 0.2 GB", "HINAS_CACHE"],
    ["EACCES: permission denied, mkdir '/cache'", "HINAS_CACHE"],
    ["the addon does not compile: g++ ended with code 1", "C++17"],
    ["the addon does not load: node ended with SIGILL: it said nothing", "AVX"],
    ["the addon does not load: version `GLIBC_2.27' not found", "glibc 2.27"],
  ])("knows a remedy for: %s", (detail, remedy) => {
    const report = makeDoctorReport(withFailure(detail), [], SYSTEM, DEVICES);
    expect(report.healthy).toBe(false);
    expect(report.advice[0]).toContain("No native TensorFlow");
    expect(report.advice.filter((line) => line.startsWith("To get TensorFlow"))).toEqual([
      expect.stringContaining(remedy),
    ]);
  });

  it("names the self-tests that went wrong", () => {
    const wrong = { name: "dil_conv_3x3", relativeError: 0.4, tolerance: 1e-3, ok: false };
    const report = makeDoctorReport(NATIVE, [wrong], SYSTEM, DEVICES);
    expect(report).toMatchObject({ healthy: false, advice: [expect.stringContaining("dil_conv_3x3")] });
  });

  it("notices a GPU that is left idle, oneDNN switched off, tight memory and a full disk", () => {
    const disks = [{ holds: "engine cache", folder: "/cache", freeMb: 300 }];
    const system = { ...SYSTEM, disks, gpus: ["NVIDIA T4"], memory: { totalMb: 4_000, availableMb: 1_000 } };
    const { advice } = makeDoctorReport({ ...NATIVE, oneDnn: false }, [], system, DEVICES);
    expect(advice).toEqual([
      expect.stringContaining("GPU is not used"),
      expect.stringContaining("oneDNN is off"),
      expect.stringContaining("recompute"),
      expect.stringContaining("/cache"),
    ]);
  });
});

describe("doctorText", () => {
  it("tells engine, routes, self-test, devices, machine and what to do, each on its line", () => {
    const selfTest = [{ name: "conv_3x3", relativeError: 2e-5, tolerance: 1e-3, ok: true }];
    expect(doctorText(makeDoctorReport(NATIVE, selfTest, SYSTEM, DEVICES))).toBe(`Engine
  back end             TensorFlow
  TensorFlow           2.21.0
  device               CPU
  oneDNN               on
  dilated convolution  native

Routes
  works  TensorFlow wheel: TensorFlow 2.21.0 in /cache

Self-test: largest relative error of each gradient
  ok  conv_3x3: 2.0e-5 (up to 1e-3)

Denoising by onnxruntime (\`--device\`, settings)
  works  cpu (processor)
  no     webgpu (WebGPU): no GPU

Machine
  Node              v24.0.0
  system            Linux 6.1 x64
  processor         Some CPU, 2 cores, AVX2 yes, AVX-512 no
  memory            12.0 GB available of 16.0 GB
  malloc            MALLOC_TOP_PAD_=67108864
  lab home          /home/lab, 50.0 GB free
  GPU               no NVIDIA GPU found
  python3 with pip  python3
  C++ compiler      not found

What to do next
  -  Nothing: all is well.
`);
  });
});

describe("collectSystemFacts", () => {
  it("measures this machine, also for folders that do not exist yet", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hinas-doctor-"));
    const places = { labHome: folder, cacheFolder: join(folder, "not", "yet"), env: { PATH: folder } };
    const facts = await collectSystemFacts(places);
    expect(facts).toMatchObject({ node: process.version, gpus: [], tools: { python: null, compiler: null } });
    expect(facts.cpu.cores).toBe(os.availableParallelism());
    expect(facts.memory.totalMb).toBeGreaterThan(facts.memory.availableMb);
    expect(facts.disks.map(({ freeMb }) => freeMb)).toEqual([expect.any(Number), expect.any(Number)]);
    await rm(folder, { recursive: true });
  });
});
