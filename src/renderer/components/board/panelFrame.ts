import { inject, type InjectionKey } from "vue";

/** What a board lets a person do with one of its panels. */
export interface PanelFrame {
  readonly isLarge: () => boolean;
  readonly canStep: (by: -1 | 1) => boolean;
  readonly step: (by: -1 | 1) => void;
  readonly enlarge: (isLarge: boolean) => void;
  readonly hide: () => void;
  readonly startDrag: (event: DragEvent) => void;
  readonly endDrag: () => void;
}

export const PANEL_FRAME: InjectionKey<PanelFrame> = Symbol("panel frame");

/** Returns the frame around a panel on a board; null for a panel that stands by itself. */
export function usePanelFrame(): PanelFrame | null {
  return inject(PANEL_FRAME, null);
}
