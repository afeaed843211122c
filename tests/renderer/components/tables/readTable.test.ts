// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";

import { readTable } from "#renderer/components/tables/readTable.ts";

function parse(html: string): HTMLTableElement {
  document.body.innerHTML = html;
  const table = document.querySelector("table");
  if (table === null) throw new Error("the text must hold a table");
  return table;
}

describe("a table read off the page", () => {
  it("has the words that are seen, the numbers behind them, and nothing that is only to be clicked", () => {
    const table = parse(`
      <table>
        <thead><tr><th>Figure</th><th><i></i><span>grey\n  net</span></th><td data-aside><button>Menu</button></td></tr></thead>
        <tbody>
          <tr><th data-note="whole">PSNR</th><td data-value="28.531" colspan="2"><b>28.53</b> <small data-aside>+1</small></td></tr>
          <tr><th>SSIM</th><td data-value=""></td></tr>
          <tr><th>Noise</th><td><span>gaussian</span><small>seed 1</small></td></tr>
        </tbody>
      </table>`);
    expect(readTable(table)).toEqual({
      header: ["Figure", "grey net"],
      rows: [
        [{ text: "PSNR", value: "PSNR (whole)" }, { text: "28.53", value: 28.531 }], // prettier-ignore
        [{ text: "SSIM", value: "SSIM" }, { text: "", value: null }], // prettier-ignore
        [{ text: "Noise", value: "Noise" }, { text: "gaussian seed 1", value: "gaussian seed 1" }], // prettier-ignore
      ],
    });
  });
});
