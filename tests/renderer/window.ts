import { type DOMWrapper, mount, type VueWrapper } from "@vue/test-utils";
import { createPinia } from "pinia";
import { TooltipProvider } from "reka-ui";
import { type Component, h, nextTick, reactive, ref } from "vue";
import { createMemoryHistory, createRouter, type Router } from "vue-router";

import type { LabClient } from "#shared/api/contract.ts";
import { LAB_CONNECTION, type LabConnection } from "#renderer/lab/labApi.ts";

/** A component as it stands in the window. */
export interface Shown {
  /** The component itself: what it emits and has. */
  readonly shown: VueWrapper;
  readonly router: Router;
  /** Gives it other properties. */
  change(properties: object): Promise<void>;
  /** Leaves the page. */
  close(): void;
  /** Finds the first button with this name. Throws where there is none. */
  button(name: string): DOMWrapper<Element>;
  /** Finds the input with this label. Throws where there is none. */
  input(label: string): DOMWrapper<HTMLInputElement>;
}

/**
 * Shows a component with what it finds in the window: a connection to a lab that answers as given, stores, a router and the
 * document, at whose end opened lists and dialogs stand.
 */
export async function showInWindow(
  component: Component,
  properties: object,
  answers: Partial<LabClient> = {},
): Promise<Shown> {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: "/:rest(.*)*", component: { render: () => null } }],
  });
  const given = reactive({ ...properties });
  const page = mount(
    { render: () => h(TooltipProvider, null, { default: () => h(component, given) }) },
    {
      global: { plugins: [createPinia(), router], provide: { [LAB_CONNECTION]: createConnection(answers) } },
      attachTo: document.body,
    },
  );
  await nextTick();
  await nextTick();
  const shown = page.findComponent(component);
  return {
    shown,
    router,
    change: async (changed) => {
      Object.assign(given, changed);
      await nextTick();
    },
    close: () => page.unmount(),
    button: (name) => {
      const found = page.findAll("button").find((each) => nameOf(each.element) === name);
      if (found === undefined) throw new Error(`${name}: must be the name of a button`);
      return found;
    },
    input: (label) => {
      const id = page
        .findAll("label")
        .find((each) => each.text() === label)
        ?.attributes("for");
      if (id === undefined) throw new Error(`${label}: must be the label of an input`);
      return page.find<HTMLInputElement>(`[id="${id}"]`);
    },
  };
}

/** Returns how a button is named for people who hear the page. */
export function nameOf(element: Element): string {
  return element.getAttribute("aria-label") ?? element.textContent.trim();
}

/** Finds what stands at the end of the document, once it has been opened. */
export async function findOpened(selector: string): Promise<readonly HTMLElement[]> {
  for (let turn = 0; turn < 3; turn += 1) await nextTick();
  return [...document.querySelectorAll<HTMLElement>(selector)];
}

/** Presses a key on an element that is there. */
export function press(element: Element | undefined, key: string, more: KeyboardEventInit = {}): void {
  if (element === undefined) throw new Error(`${key}: there must be something to press it on`);
  element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
}

function createConnection(answers: Partial<LabClient>): LabConnection {
  const lab: Partial<LabClient> = {
    listDatasets: async () => [],
    listTasks: async () => [],
    listModels: async () => [],
    listNoiseProfiles: async () => [],
    ...answers,
  };
  return {
    lab: lab as LabClient,
    state: ref("open"),
    desktop: null,
    onUpdates: () => undefined,
    onConnected: (listener) => listener(),
    toPictureUrl: (wish) => `/picture/${wish.kind}`,
    toFileUrl: () => "/file",
    toSheetUrl: () => "/sheet",
    uploadPhoto: async () => "/photo",
  };
}

/** Gives every element a size, which a document without a screen has not. */
export function giveElementsSize(width: number, height: number): void {
  for (const [name, value] of [
    ["offsetWidth", width],
    ["offsetHeight", height],
    ["clientHeight", height],
  ] as const) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => value });
  }
}
