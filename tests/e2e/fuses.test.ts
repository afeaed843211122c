import { cp, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { buildProgram } from "#tests/helpers/builtProgram.ts";
import { findInstalledElectron, launchElectron } from "#tests/helpers/electron.ts";
import { readPackaging, setFuses } from "#tests/helpers/fuses.ts";
import { makeFolder } from "#tests/helpers/labHome.ts";

const electron = findInstalledElectron();
const note = "reason" in electron ? ` (skipped: ${electron.reason})` : "";

// On macOS fuses lie in a framework beside the program, and the signature covers them.
describe.skipIf("reason" in electron || process.platform === "darwin")(
  `Electron with the fuses of a package${note}`,
  () => {
    const ends: (() => Promise<unknown>)[] = [];
    afterAll(async () => {
      for (const end of ends.reverse()) await end();
    });

    it("opens the window", async () => {
      if (!("program" in electron)) return;
      const onEnd = (end: () => Promise<void>) => ends.push(end);
      const folder = join(await makeFolder(onEnd), "electron");
      await cp(dirname(electron.program), folder, { recursive: true });
      const program = join(folder, basename(electron.program));
      const bytes = await readFile(program);
      // The archive is checked and alone is loaded once there is a package; here the program is a folder.
      const fuses = {
        ...readPackaging().electronFuses,
        onlyLoadAppFromAsar: false,
        enableEmbeddedAsarIntegrityValidation: false,
      };
      setFuses(bytes, fuses);
      await writeFile(program, bytes, { mode: 0o755 });
      await buildProgram();
      const app = await launchElectron(program, await makeFolder(onEnd), await makeFolder(onEnd));
      ends.push(() => app.close());
      const page = await app.firstWindow();
      await page.getByRole("button", { name: "Start the demo search" }).waitFor();
      expect(await page.evaluate(() => "require" in globalThis)).toBe(false);
    }, 300_000);
  },
);
