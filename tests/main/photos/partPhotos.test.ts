import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { partPhotos } from "#main/photos/partPhotos.ts";
import { splitPhotos } from "#main/photos/splitPhotos.ts";
import { type TestPart, testPartSchema } from "#shared/runs/testPartSchema.ts";

const photos = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `photo-${String(index).padStart(3, "0")}.png` }));
const namesOf = (members: readonly { readonly name: string }[]) => members.map(({ name }) => name);
const part = (count: number, test: object, validationShare = 0.1) =>
  partPhotos(photos(count), { validationShare, test: testPartSchema.parse(test) });

const tests: fc.Arbitrary<TestPart> = fc.oneof(
  fc.constant({ kind: "none" } as const),
  fc.record({
    kind: fc.constant("share" as const),
    share: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    seed: fc.nat(),
  }),
  fc.record({ kind: fc.constant("count" as const), photos: fc.integer({ min: 1, max: 7 }), seed: fc.nat() }),
  fc.constant({ kind: "list", names: ["photo-002.png", "photo-000.png"] } as const),
);

describe("partPhotos", () => {
  it("gives every photo exactly one part, each part in order, and none of the others is empty", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 80 }), tests, (count, test) => {
        const parts = partPhotos(photos(count), { validationShare: 0.1, test });
        const members = [parts.weights, parts.architecture, parts.validation, parts.test].map(namesOf);
        expect(members.flat().toSorted()).toEqual(namesOf(photos(count)));
        for (const names of members) expect(names).toEqual(names.toSorted());
        expect(members.slice(0, 3).every((names) => names.length > 0)).toBe(true);
        expect(parts.test.length > 0).toBe(test.kind !== "none");
      }),
    );
  });

  it("splits as before where no test is wanted", () => {
    expect(part(40, { kind: "none" })).toEqual({ ...splitPhotos(photos(40), 0.1), test: [] });
  });

  it("draws as many as asked for, others by another seed, and the same whatever the order of the files", () => {
    const drawn = part(100, { kind: "share", share: 0.29 }).test;
    expect(drawn).toHaveLength(29);
    expect(part(100, { kind: "count", photos: 29 }).test).toEqual(drawn);
    expect(namesOf(part(100, { kind: "count", photos: 29, seed: 1 }).test)).not.toEqual(namesOf(drawn));
    const settings = { validationShare: 0.1, test: testPartSchema.parse({ kind: "share", share: 0.29 }) };
    expect(namesOf(partPhotos(photos(100).toReversed(), settings).test).toSorted()).toEqual(namesOf(drawn));
    expect(namesOf(drawn)).not.toEqual(namesOf(photos(100)).slice(0, 29));
  });

  it("moves at most one photo in or out where one comes to the folder", () => {
    const before = namesOf(part(50, { kind: "count", photos: 10 }).test);
    const after = namesOf(part(51, { kind: "count", photos: 10 }).test);
    expect(before.filter((name) => !after.includes(name)).length).toBeLessThanOrEqual(1);
  });

  it("refuses what leaves fewer than three photos, with the counts", () => {
    const message = "data.test takes 8 of 10 photos: at least 3 must be left to learn from and to validate on, got 2";
    expect(() => part(10, { kind: "count", photos: 8 })).toThrow(
      expect.objectContaining({ kind: "bad_data", message }),
    );
    expect(() => part(10, { kind: "count", photos: 40 })).toThrow(/takes 10 of 10 photos: .* got 0$/);
    expect(part(10, { kind: "count", photos: 7 }).test).toHaveLength(7);
    expect(() => part(2, { kind: "none" })).toThrow("at least 3 usable photos, got 2");
  });

  it("refuses a listed photo that is not there", () => {
    expect(() => part(5, { kind: "list", names: ["photo-001.png", "cat.png"] })).toThrow(
      "data.test.names must be photos of the data set, which has 5; got cat.png, which is not among them",
    );
  });
});
