import { computed, type Ref, ref, shallowRef, watch } from "vue";

import { useToasts } from "#renderer/stores/toasts.ts";
import { texts } from "#renderer/texts/texts.ts";

import type { Curve } from "./curve.ts";
import { continueCurves } from "./wholeCurves.ts";

/** Reads all that curves have, however much of it a chart has thinned out. */
export type ReadWhole = () => Promise<readonly Curve[]>;

/**
 * The table beside a chart, with every value there is: they are read when it is opened, and continued by what comes. They
 * are read anew where the chart's axis or its curves are others, or where a resumed run has made values void.
 */
export function useWholeCurves(
  curves: () => readonly Curve[],
  axis: () => string,
  readWhole: () => ReadWhole | undefined,
) {
  const toasts = useToasts();
  const isTable = ref(false);
  const whole: Ref<readonly Curve[]> = shallowRef([]);
  const end = computed(() => curves()[0]?.x.at(-1) ?? -Infinity);

  /** Null where they cannot be read, which is told in the corner. */
  async function read(): Promise<readonly Curve[] | null> {
    try {
      return await (readWhole()?.() ?? curves());
    } catch (failure) {
      toasts.tellFailed(texts.charts.notRead, failure);
      return null;
    }
  }

  async function refresh(): Promise<void> {
    whole.value = [];
    if (isTable.value && readWhole() !== undefined) whole.value = (await read()) ?? [];
  }

  const ids = computed(() =>
    curves()
      .map(({ id }) => id)
      .join(" "),
  );
  watch([isTable, axis, ids], refresh);
  watch(end, (now, before) => {
    if (now < before) void refresh();
  });
  return { isTable, read, tableCurves: computed(() => continueCurves(whole.value, curves())) };
}
