// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineComponent, h, nextTick } from "vue";

import PanelBoard from "#renderer/components/board/PanelBoard.vue";
import { type BoardPanel, useBoard } from "#renderer/components/board/useBoard.ts";
import PanelCard from "#renderer/components/layout/PanelCard.vue";
import { findOpened, nameOf, press, type Shown, showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);
beforeEach(() => localStorage.clear());

const PANELS: readonly BoardPanel[] = ["Loss", "Cell", "Log"].map((title) => ({
  id: title.toLowerCase(),
  title,
  wide: [4, 3],
  narrow: [6, 3],
}));

const Page = defineComponent({
  setup: () => {
    const board = useBoard("test.panels", PANELS);
    const slots = Object.fromEntries(PANELS.map(({ id, title }) => [id, () => h(PanelCard, { title })]));
    return () => [
      h(PanelBoard, { board }, slots),
      h("button", { onClick: () => board.showOnly(["loss", "cell", "log"]) }, "Show all"),
      h("button", { onClick: () => board.reset() }, "Reset"),
    ];
  },
});

const titlesOf = ({ shown }: Shown): string[] => shown.findAll("h2").map((title) => title.text());

async function choose(page: Shown, panel: string, entry: string): Promise<void> {
  press(page.button(`Arrange “${panel}”`).element, "Enter");
  const entries = await findOpened("[role=menuitem]");
  press(
    entries.find((each) => nameOf(each) === entry),
    "Enter",
  );
  await nextTick();
}

describe("a board of panels", () => {
  it("shows its panels in their order, and moves one before its neighbour", async () => {
    const page = await showInWindow(Page, {});
    expect(titlesOf(page)).toEqual(["Loss", "Cell", "Log"]);
    await choose(page, "Cell", "Move forward");
    expect(titlesOf(page)).toEqual(["Cell", "Loss", "Log"]);
  });

  it("remembers what was moved, hidden and enlarged when the page is opened again", async () => {
    const page = await showInWindow(Page, {});
    await choose(page, "Loss", "Hide");
    await choose(page, "Log", "Move forward");
    await choose(page, "Log", "Enlarge");
    page.close();
    const again = await showInWindow(Page, {});
    expect(titlesOf(again)).toEqual(["Log", "Cell"]);
    const [first, second] = again.shown.findAll<HTMLElement>(".place").map(({ element }) => element.style);
    expect(first?.getPropertyValue("--columns")).toBe("12");
    expect(second?.getPropertyValue("--columns")).toBe("4");
    await again.button("Show all").trigger("click");
    expect(titlesOf(again)).toEqual(["Loss", "Log", "Cell"]);
    await again.button("Reset").trigger("click");
    expect(titlesOf(again)).toEqual(["Loss", "Cell", "Log"]);
  });

  it("takes a panel that is dragged onto another one", async () => {
    const page = await showInWindow(Page, {});
    const [, , log] = page.shown.findAll("h2");
    await log?.trigger("dragstart", { dataTransfer: new DataTransfer() });
    const [target] = page.shown.findAll(".place");
    await target?.trigger("dragover");
    expect(target?.classes()).toContain("target");
    await target?.trigger("drop");
    expect(titlesOf(page)).toEqual(["Log", "Loss", "Cell"]);
  });
});
