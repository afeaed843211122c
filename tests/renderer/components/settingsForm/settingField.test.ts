// @vitest-environment happy-dom
import { enableAutoUnmount } from "@vue/test-utils";
import { afterEach, describe, expect, it } from "vitest";
import type { ComponentPublicInstance } from "vue";

import { buildFormGroups } from "#renderer/components/settingsForm/formFields.ts";
import SelectBox from "#renderer/components/controls/SelectBox.vue";
import SettingField from "#renderer/components/settingsForm/SettingField.vue";
import { showInWindow } from "#tests/renderer/window.ts";

enableAutoUnmount(afterEach);

async function showField(path: string, value: unknown, problem: string | null = null) {
  const field = (["search", "train"] as const)
    .flatMap((kind) => buildFormGroups(kind))
    .flatMap(({ fields }) => fields)
    .find((each) => each.path === path);
  if (field === undefined) throw new Error(`${path}: must be a setting`);
  const { shown, change } = await showInWindow(SettingField, { field, value, problem });
  return Object.assign(shown, { change });
}

describe("the field of a setting", () => {
  it("tells the number that was typed, with a comma too", async () => {
    const field = await showField("search.epochs", 20);
    expect(field.find<HTMLInputElement>("input").element.value).toBe("20");
    await field.find("input").setValue("30");
    await field.find("input").setValue("0,5");
    expect(field.emitted("change")).toEqual([[30], [0.5]]);
  });

  it("takes names apart at semicolons, so that they may have commas and spaces", async () => {
    const field = await showField("data.test.names", ["a.png", "my trip/b, c.png"]);
    expect(field.find<HTMLInputElement>("input").element.value).toBe("a.png; my trip/b, c.png");
    await field.find("input").setValue("a.png ; d e.png;");
    expect(field.emitted("change")).toEqual([[["a.png", "d e.png"]]]);
  });

  it("tells what cannot be read as it stands, for the lab to say what is wrong with it", async () => {
    const field = await showField("search.epochs", 20);
    await field.find("input").setValue("many");
    expect(field.emitted("change")).toEqual([["many"]]);
  });

  it("says what is wrong in the place of its help, and ties the sentence to the input", async () => {
    const sound = await showField("search.epochs", 20);
    const help = sound.find("p").text();
    const field = await showField("search.epochs", -1, "must be 1 or more, got -1");
    const note = field.find("p");
    expect(note.text()).toBe("must be 1 or more, got -1");
    expect(note.text()).not.toBe(help);
    expect(field.find("input").attributes("aria-describedby")).toBe(note.attributes("id"));
    expect(field.find("input").attributes("aria-invalid")).toBe("true");
    expect(sound.find("input").attributes("aria-invalid")).toBe("false");
  });

  it("does not write over half a number while it is typed, and shows another value that comes", async () => {
    const field = await showField("search.epochs", 2);
    await field.find("input").setValue("2.");
    await field.change({ value: 2 });
    expect(field.find<HTMLInputElement>("input").element.value).toBe("2.");
    await field.change({ value: 7 });
    expect(field.find<HTMLInputElement>("input").element.value).toBe("7");
  });

  it("leaves a setting to its default where nothing is typed, and switches off what can be off", async () => {
    const epochs = await showField("search.epochs", 20);
    await epochs.find("input").setValue("");
    expect(epochs.emitted("change")).toEqual([[undefined]]);
    const clip = await showField("training.clipValue", 1);
    await clip.find("input").setValue(" ");
    expect(clip.emitted("change")).toEqual([[null]]);
  });

  it("tells a choice among numbers as a number, and names what it means", async () => {
    const field = await showField("network.imageChannels", 1);
    const select = field.findComponent(SelectBox);
    const options = [
      { value: "1", label: "Grey" },
      { value: "3", label: "Colour" },
    ];
    expect(select.props()).toMatchObject({ options });
    (select.vm as ComponentPublicInstance).$emit("update:modelValue", "3");
    expect(field.emitted("change")).toEqual([[3]]);
  });

  it("reads a range of sigma", async () => {
    const field = await showField("noise.sigma255", { from: 0, to: 55 });
    expect(field.find<HTMLInputElement>("input").element.value).toBe("0..55");
    await field.find("input").setValue("5..50");
    expect(field.emitted("change")).toEqual([[{ from: 5, to: 50 }]]);
  });

  it("shows the stages of a training as rows, and reads them back", async () => {
    const field = await showField("training.stages", [{ share: 1, batchSize: 32, patchSize: 48 }]);
    expect(field.find<HTMLInputElement>("input").element.value).toBe("1, 32, 48");
    await field.find("input").setValue("0.5, 32, 48; 0.5, 12, 80");
    const half = { share: 0.5 };
    expect(field.emitted("change")).toEqual([
      [
        [
          { ...half, batchSize: 32, patchSize: 48 },
          { ...half, batchSize: 12, patchSize: 80 },
        ],
      ],
    ]);
  });

  it("ticks several in their own order, whatever the order of the clicks", async () => {
    const field = await showField("space.primitives", ["skip_connect"]);
    const buttons = field.findAll("button");
    expect(buttons.filter((each) => each.attributes("aria-pressed") === "true")).toHaveLength(1);
    await buttons[0]!.trigger("click");
    const [[chosen]] = field.emitted("change") as [[string[]]];
    expect(chosen).toHaveLength(2);
    expect(chosen.at(-1)).toBe("skip_connect");
  });

  it("keeps a data set on offer that is no longer known", async () => {
    const field = await showField("data.dataset", "gone");
    expect(field.find("button").text()).toBe("gone");
  });

  it("turns a switch", async () => {
    const field = await showField("augmentation.rotate", true);
    await field.find("[role=switch]").trigger("click");
    expect(field.emitted("change")).toEqual([[false]]);
  });
});
