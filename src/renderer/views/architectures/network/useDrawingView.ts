import { computed, type Ref, ref } from "vue";

/** A size in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** How close a drawing may be looked at, and how far it may be from fitting. */
const LARGEST_SCALE = 3;
const SMALLEST_SHARE_OF_FIT = 0.5;
const SMALLEST_START = 0.8;
const WHEEL_FACTOR = 1.0015;

/** What is seen of a large drawing: moved by `x` and `y` pixels, `scale` times as large as it was laid out. */
export function useDrawingView(drawing: () => Size, frame: Readonly<Ref<Size>>) {
  const chosen = ref<{ readonly x: number; readonly y: number; readonly scale: number } | null>(null);
  const fit = computed(() => {
    const { width, height } = drawing();
    const scale = Math.min(1, frame.value.width / Math.max(1, width), frame.value.height / Math.max(1, height));
    return { scale, x: (frame.value.width - width * scale) / 2, y: (frame.value.height - height * scale) / 2 };
  });
  /** A long network begins where it begins, large enough to be read. */
  const start = computed(() => {
    const scale = Math.max(
      fit.value.scale,
      Math.min(SMALLEST_START, frame.value.height / Math.max(1, drawing().height)),
    );
    const isWider = drawing().width * scale > frame.value.width;
    return { scale, x: isWider ? 0 : fit.value.x, y: (frame.value.height - drawing().height * scale) / 2 };
  });
  const view = computed(() => chosen.value ?? start.value);

  /** Keeps the point of the drawing that stands at `x`, `y` of the frame in its place. */
  function zoomAt(factor: number, x: number, y: number): void {
    const { scale, x: left, y: top } = view.value;
    const next = Math.min(LARGEST_SCALE, Math.max(fit.value.scale * SMALLEST_SHARE_OF_FIT, scale * factor));
    const ratio = next / scale;
    chosen.value = { scale: next, x: x - (x - left) * ratio, y: y - (y - top) * ratio };
  }

  return {
    view,
    fitAll: () => (chosen.value = fit.value),
    zoomBy: (factor: number) => zoomAt(factor, frame.value.width / 2, frame.value.height / 2),
    zoomByWheel: (deltaPx: number, x: number, y: number) => zoomAt(WHEEL_FACTOR ** -deltaPx, x, y),
    move: (dx: number, dy: number) => {
      const { x, y, scale } = view.value;
      chosen.value = { x: x + dx, y: y + dy, scale };
    },
    /** Brings a point of the drawing to the middle, large enough to be read. */
    centre: (x: number, y: number) => {
      const scale = Math.max(view.value.scale, 0.9);
      chosen.value = { scale, x: frame.value.width / 2 - x * scale, y: frame.value.height / 2 - y * scale };
    },
  };
}
