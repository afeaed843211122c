// @vitest-environment happy-dom
import { mount, type VueWrapper } from "@vue/test-utils";
import { describe, expect, it } from "vitest";

import FormatFields from "#renderer/views/denoise/FormatFields.vue";
import type { SavingChoice } from "#renderer/views/denoise/savedFiles.ts";

function mountFields(first: SavingChoice) {
  const wrapper: VueWrapper = mount(FormatFields, {
    props: {
      modelValue: first,
      "onUpdate:modelValue": (modelValue: SavingChoice) => wrapper.setProps({ modelValue }),
    },
  });
  const fields = () => wrapper.findAllComponents({ name: "FormField" }) as VueWrapper[];
  const labelOf = (field: VueWrapper): string => (field.props() as { label: string }).label;
  const choose = async (label: string, value: string) => {
    const field = fields().find((each) => labelOf(each) === label);
    await field?.findComponent({ name: "SelectBox" }).setValue(value);
  };
  return {
    labels: () => fields().map(labelOf),
    choose,
    chosen: () => (wrapper.props() as { modelValue: SavingChoice }).modelValue,
  };
}

describe("how a result is saved", () => {
  it("offers what the format has, and drops a depth that it does not hold", async () => {
    const { labels, choose, chosen } = mountFields({ format: null, bitDepth: 16 });
    expect(labels()).toEqual(["Format", "Depth", "Size", "Camera data"]);
    await choose("Format", "tiff");
    expect(labels()).toEqual(["Format", "Depth", "Compression", "Size", "Camera data"]);
    expect(chosen()).toMatchObject({ format: "tiff", bitDepth: 16 });
    await choose("Format", "jpeg");
    expect(labels()).toEqual([
      ...["Format", "Depth", "Quality", "Colour detail", "Size", "Behind transparency", "Camera data"],
    ]);
    expect(chosen()).toMatchObject({ format: "jpeg", bitDepth: null });
  });

  it("tells numbers, colours and nothing chosen apart", async () => {
    const { choose, chosen } = mountFields({ format: "jpeg", bitDepth: null });
    await choose("Quality", "80");
    await choose("Size", "2048");
    await choose("Behind transparency", "#ffffff");
    await choose("Camera data", "withoutLocation");
    expect(chosen()).toMatchObject({
      ...{ quality: 80, longestSidePx: 2048, background: "#ffffff", metadata: "withoutLocation" },
    });
    await choose("Quality", "none");
    await choose("Camera data", "none");
    expect(chosen().quality).toBeUndefined();
    expect(chosen().metadata).toBe("none");
  });
});
