import { expect, it } from "vitest";

import { fromBase64 } from "#renderer/files/base64.ts";

it("bytes are read from base64, those above 127 too", () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, index) => (index * 7) % 256);
  expect(fromBase64(btoa(String.fromCharCode(...bytes)))).toEqual(bytes);
});
