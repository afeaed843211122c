import type { Component } from "vue";

/** One line of a menu. */
export interface MenuEntry {
  readonly label: string;
  readonly icon?: Component;
  readonly isDangerous?: boolean;
  readonly disabled?: boolean;
  readonly choose: () => void;
}
