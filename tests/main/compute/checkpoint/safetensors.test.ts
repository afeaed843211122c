import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { decodeSafetensors, encodeSafetensors, type NamedTensor } from "#main/compute/checkpoint/safetensors.ts";
import { LabError } from "#shared/labError.ts";

import { REFERENCE_FOLDER } from "#tests/helpers/referenceFixtures.ts";

function fileOf(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const utf8 = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + utf8.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(utf8.length), true);
  bytes.set(utf8, 8);
  bytes.set(data, 8 + utf8.length);
  return bytes;
}

function entry(shape: readonly number[], offsets: readonly number[], dtype = "F32"): object {
  return { dtype, shape, data_offsets: offsets };
}

const anyTensor: fc.Arbitrary<NamedTensor> = fc
  .tuple(fc.array(fc.nat(3), { maxLength: 4 }), fc.boolean(), fc.infiniteStream(fc.integer()))
  .map(([shape, isFloat, values]) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const numbers = Array.from({ length: count }, () => Number(values.next().value));
    return { shape, data: isFloat ? Float32Array.from(numbers) : Int32Array.from(numbers) };
  });

describe("encodeSafetensors and decodeSafetensors", () => {
  it("gives back every tensor and note", () => {
    const anyName = fc.string({ unit: "grapheme" }).filter((name) => !name.startsWith("__"));
    const anyTensors = fc.array(fc.tuple(anyName, anyTensor), { maxLength: 6 });
    const anyMetadata = fc.dictionary(anyName, fc.string({ unit: "grapheme" }), { noNullPrototype: true });
    fc.assert(
      fc.property(anyTensors, anyMetadata, (pairs, metadata) => {
        const tensors = new Map(pairs);
        const decoded = decodeSafetensors(encodeSafetensors(tensors, metadata), "trip");
        expect(decoded.tensors).toEqual(tensors);
        expect(decoded.metadata).toEqual(metadata);
      }),
    );
  });

  it("writes the layout of the format: header length, padded JSON, then little-endian values", () => {
    const tensors = new Map([["w", { shape: [2], data: new Float32Array([1, -2]) }]]);
    const bytes = encodeSafetensors(tensors, { note: "hi" });
    const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(headerBytes % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)))).toEqual({
      __metadata__: { note: "hi" },
      w: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
    });
    expect([...bytes.subarray(8 + headerBytes)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it("takes only a view's own part of a larger buffer", () => {
    const part = new Float32Array([9, 1, 2, 9]).subarray(1, 3);
    const decoded = decodeSafetensors(encodeSafetensors(new Map([["w", { shape: [2], data: part }]]), {}), "view");
    expect(decoded.tensors.get("w")?.data).toEqual(new Float32Array([1, 2]));
  });

  it("reads values at an odd place of a larger buffer", () => {
    const bytes = encodeSafetensors(new Map([["w", { shape: [1], data: new Float32Array([7]) }]]), {});
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeSafetensors(shifted.subarray(3), "shifted").tensors.get("w")?.data).toEqual(new Float32Array([7]));
  });

  it("refuses to write a tensor whose shape does not match its values", () => {
    const wrong = new Map([["w", { shape: [3], data: new Float32Array(2) }]]);
    expect(() => encodeSafetensors(wrong, {})).toThrow("w of shape [3] must have 3 values, got 2");
  });

  it("refuses to write a tensor under the name of the metadata", () => {
    const wrong = new Map([["__metadata__", { shape: [], data: new Float32Array(1) }]]);
    expect(() => encodeSafetensors(wrong, {})).toThrow("cannot be named __metadata__");
  });
});

describe("decodeSafetensors on hostile files", () => {
  const eight = new Uint8Array(8);
  const a = JSON.stringify(entry([1], [0, 4]));
  const b = JSON.stringify(entry([1], [4, 8]));

  it.each<[string, Uint8Array, string]>([
    ["an empty file", new Uint8Array(), "at least 8 bytes, got 0"],
    ["a header longer than the file", fileOf("{}").subarray(0, 9), "header must have at most 1 bytes, got 2"],
    ["a header length beyond 2^63", new Uint8Array(16).fill(255), "got 18446744073709551615"],
    ["a header that is no JSON", fileOf("{"), "JSON in UTF-8"],
    ["a header that is no UTF-8", fileOf("{}").map((byte, i) => (i === 8 ? 0xff : byte)), "JSON in UTF-8"],
    ["a header that is a list", fileOf("[]"), "JSON object"],
    ["a name given twice", fileOf(`{"a":${a},"a":${a}}`, eight.subarray(4)), "2 entries under 1 names"],
    ["a name given twice in other spelling", fileOf(`{"a":${a},"\\u0061":${b}}`, eight), "2 entries under 1 names"],
    ["metadata that is no string", fileOf('{"__metadata__":{"n":1}}'), "__metadata__ must map names to strings"],
    ["a tensor without a shape", fileOf('{"a":{"dtype":"F32","data_offsets":[0,4]}}', eight), 'tensor "a" must have'],
    ["a negative size", fileOf(JSON.stringify({ a: entry([-1], [0, 4]) }), eight), 'tensor "a" must have'],
    ["a broken size", fileOf(JSON.stringify({ a: entry([0.5], [0, 2]) }), eight), 'tensor "a" must have'],
    ["a size beyond exact numbers", fileOf(JSON.stringify({ a: entry([2 ** 53], [0, 4]) }), eight), 'tensor "a"'],
    ["another type", fileOf(JSON.stringify({ a: entry([1], [0, 8], "F64") }), eight), 'must be F32 or I32, got "F64"'],
    ["bytes that do not fit the shape", fileOf(JSON.stringify({ a: entry([3], [0, 8]) }), eight), "12 bytes, got 8"],
    ["an end before its begin", fileOf(JSON.stringify({ a: entry([1], [8, 4]) }), eight), "4 bytes, got -4"],
    ["an overlap", fileOf(JSON.stringify({ a: entry([2], [0, 8]), b: entry([1], [4, 8]) }), eight), "begin at byte 8"],
    ["a gap", fileOf(JSON.stringify({ a: entry([1], [4, 8]) }), eight), "begin at byte 0 of the data, got 4"],
    ["data that is cut", fileOf(JSON.stringify({ a: entry([3], [0, 12]) }), eight), "data must have 12 bytes, got 8"],
    ["bytes after the data", fileOf(JSON.stringify({ a: entry([1], [0, 4]) }), eight), "data must have 4 bytes, got 8"],
  ])("refuses %s", (_title, bytes, message) => {
    expect(() => decodeSafetensors(bytes, "x.safetensors")).toThrow(LabError);
    expect(() => decodeSafetensors(bytes, "x.safetensors")).toThrow(message);
    expect(() => decodeSafetensors(bytes, "x.safetensors")).toThrow(/^checkpoint x\.safetensors: /);
  });

  it("reads a header of several megabytes", () => {
    const metadata = { note: 'long "quoted" {[:]}\\ '.repeat(200_000) };
    expect(decodeSafetensors(encodeSafetensors(new Map(), metadata), "long").metadata).toEqual(metadata);
  });

  it("keeps names such as __proto__ apart from the language's own", () => {
    const file = fileOf(`{"__proto__":${a},"10":${b}}`, eight);
    expect([...decodeSafetensors(file, "proto").tensors.keys()].toSorted()).toEqual(["10", "__proto__"]);
  });

  it("answers random bytes with a LabError and nothing else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (noise, asHeader) => {
        expectTensorsOrLabError(asHeader ? fileOf(new TextDecoder().decode(noise)) : noise);
      }),
    );
  });

  it("answers flipped bits with a LabError or with whole tensors", () => {
    const tensors = new Map<string, NamedTensor>([
      ["a.weight", { shape: [2, 3], data: new Float32Array(6) }],
      ["b", { shape: [1], data: new Int32Array(1) }],
    ]);
    const whole = encodeSafetensors(tensors, { kind: "test" });
    fc.assert(
      fc.property(fc.array(fc.nat(whole.length * 8 - 1), { minLength: 1, maxLength: 3 }), (bits) => {
        const flipped = whole.slice();
        for (const bit of bits) flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expectTensorsOrLabError(flipped);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses a file cut at any byte", () => {
    const whole = encodeSafetensors(new Map([["w", { shape: [4], data: new Float32Array(4) }]]), { note: "x" });
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => decodeSafetensors(whole.subarray(0, length), "cut")).toThrow(LabError);
    }
  });
});

function expectTensorsOrLabError(bytes: Uint8Array): void {
  try {
    for (const { shape, data } of decodeSafetensors(bytes, "fuzz").tensors.values()) {
      expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
    }
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect(error).toHaveProperty("kind", "bad_checkpoint");
  }
}

describe("the reference fixtures", () => {
  const files = readdirSync(REFERENCE_FOLDER).filter((file) => file.endsWith(".safetensors"));

  it.each(files)("reads %s, written by another program, and writes the same tensors back", (file) => {
    const { tensors, metadata } = decodeSafetensors(readFileSync(join(REFERENCE_FOLDER, file)), file);
    expect(tensors.size).toBeGreaterThan(0);
    expect(decodeSafetensors(encodeSafetensors(tensors, metadata), file)).toEqual({ tensors, metadata });
  });
});
