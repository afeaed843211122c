import { describe, expect, it } from "vitest";

import { maskedCrc32c, writeEventFile } from "#main/export/eventFile.ts";
import { listRunScalars } from "#shared/runs/runScalars.ts";
import { resumedEvent, stepEvent } from "#tests/helpers/runEvents.ts";

/** CRC-32C by long division of the message's bits, lowest bit of each byte first, by the polynomial 1EDC6F41 as RFC 3720 has it. */
function divideCrc32c(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const isOne = ((rest >>> 31) ^ (byte >>> bit)) & 1;
      rest = ((rest << 1) ^ (isOne === 1 ? 0x1edc6f41 : 0)) >>> 0;
    }
  }
  const turned = Array.from({ length: 32 }, (_, bit) => (((~rest >>> (31 - bit)) & 1) === 1 ? 2 ** bit : 0));
  return turned.reduce((sum, part) => sum + part, 0);
}

/** The mask as its definition says it: turned right by 15 bits, plus a constant, of 32 bits. */
function mask(checksum: number): number {
  const wide = BigInt(checksum);
  return Number(((((wide >> 15n) | (wide << 17n)) % 2n ** 32n) + 0xa282ead8n) % 2n ** 32n);
}

/** Takes a file apart into the contents of its frames, and checks each frame's checksums. */
function readFrames(file: Uint8Array): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const frames: Uint8Array[] = [];
  for (let offset = 0; offset < file.byteLength;) {
    const length = Number(view.getBigUint64(offset, true));
    const content = file.subarray(offset + 12, offset + 12 + length);
    const sums = [view.getUint32(offset + 8, true), view.getUint32(offset + 12 + length, true)];
    expect(sums).toEqual([mask(divideCrc32c(file.subarray(offset, offset + 8))), mask(divideCrc32c(content))]);
    frames.push(content);
    offset += 12 + length + 4;
  }
  return frames;
}

describe("an event file of TensorBoard", () => {
  it("has the checksums that RFC 3720 lists, masked", () => {
    const vectors: readonly (readonly [Uint8Array, number])[] = [
      [new TextEncoder().encode("123456789"), 0xe3069283],
      [new Uint8Array(32), 0x8a9136aa],
      [new Uint8Array(32).fill(255), 0x62a8ab43],
      [Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
    ];
    for (const [bytes, checksum] of vectors) {
      expect(divideCrc32c(bytes)).toBe(checksum);
      expect(maskedCrc32c(bytes)).toBe(mask(checksum));
    }
  });

  it("begins with its version, and has one frame for each figure, byte for byte as the format says", () => {
    const scalars = [{ tag: "loss/training", step: 300, time: 2500, value: 0.5 }];
    const [version, event, ...rest] = readFrames(writeEventFile(scalars, 1000));
    const seconds = (value: number): number[] => [9, ...new Uint8Array(Float64Array.of(value).buffer)];
    const text = (words: string): number[] => [words.length, ...new TextEncoder().encode(words)];
    expect([...version!]).toEqual([...seconds(1), 0x1a, ...text("brain.Event:2")]);
    const value = [0x0a, ...text("loss/training"), 0x15, ...new Uint8Array(Float32Array.of(0.5).buffer)];
    const summary = [0x0a, value.length, ...value];
    expect([...event!]).toEqual([...seconds(2.5), 0x10, 0xac, 0x02, 0x2a, summary.length, ...summary]);
    expect(rest).toEqual([]);
  });
});

describe("the figures of a run", () => {
  it("come step by step, without what a restart made void or nobody measured", () => {
    const events = [stepEvent(1), stepEvent(2), resumedEvent(1), stepEvent(2), stepEvent(3)];
    const losses = listRunScalars(events).filter(({ tag }) => tag === "loss/training");
    expect(losses.map(({ step, value }) => [step, value])).toEqual([
      [1, 1 / 2],
      [2, 1 / 3],
      [3, 1 / 4],
    ]);
    const gpu = { ...stepEvent(4), cpuShare: 0.25, gpuShare: 0.5, gpuMemoryMb: 900, gpuMemoryTotalMb: 1000 };
    const load = listRunScalars([gpu]).filter(({ tag }) => tag.startsWith("computer/"));
    expect(load.map(({ tag, step, value }) => [tag, step, value])).toEqual([
      ["computer/cpu_share", 4, 0.25],
      ["computer/gpu_share", 4, 0.5],
      ["computer/gpu_memory_mb", 4, 900],
    ]);
    const tags = new Set(listRunScalars(events).map(({ tag }) => tag));
    expect([...tags].sort()).toEqual([
      "engine/resident_mb",
      "engine/seconds_per_step",
      "loss/training",
      "optimiser/learning_rate",
    ]);
  });
});
