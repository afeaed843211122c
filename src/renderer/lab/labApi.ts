import { useWebSocket } from "@vueuse/core";
import { type BirpcReturn, createBirpc } from "birpc";
import { inject, type InjectionKey, onScopeDispose, readonly, type Ref, shallowRef } from "vue";

import type { LabClient } from "#shared/api/contract.ts";
import type { ContactSheetWish, DenoisedFileWish } from "#shared/api/denoising.ts";
import {
  type PictureWish,
  toFilePath,
  toPicturePath,
  toSheetPath,
  toUploadPath,
  uploadAnswerSchema,
} from "#shared/api/pictures.ts";
import type { Updates, WindowListener } from "#shared/api/updates.ts";
import type { WindowBridge } from "#shared/api/windowBridge.ts";
import { CLOSE_CODES, decodeMessage, encodeMessage, type Greeting, SOCKET_PATH } from "#shared/api/wire.ts";
import { at } from "#shared/at.ts";
import { LabError } from "#shared/labError.ts";

/** `ended`: the server said good-bye; `lost`: it does not answer, for whatever reason. */
export type ConnectionState = "connecting" | "open" | "lost" | "ended" | "refused";

/** The lab as the window has it, by Electron's bridge or by a WebSocket that connects again by itself. */
export interface LabConnection {
  /** Asks the lab. A question waits until there is a connection, and is refused as `interrupted` where that is lost. */
  readonly lab: LabClient;
  readonly state: Readonly<Ref<ConnectionState>>;
  /** What only the desktop application can do; null in a browser. */
  readonly desktop: WindowBridge | null;
  /** Passes on what the lab tells, as long as the component or store that asks is there. */
  onUpdates(listener: (updates: Updates) => void): void;
  /** Calls at once where there is a connection, and again each time one comes back, as long as the component or store that asks is there. */
  onConnected(listener: () => void): void;
  /** Returns the address of a picture, for `<img>` and `fetch`. */
  toPictureUrl(wish: PictureWish): string;
  /** Returns the address at which a denoised photo is had as a file to save. */
  toFileUrl(wish: DenoisedFileWish): string;
  /** Returns the address at which a session's contact sheet is had as a page to save. */
  toSheetUrl(wish: ContactSheetWish): string;
  /** Brings a photo to the lab's computer and returns its path there. Throws an Error in words. */
  uploadPhoto(photo: File, signal: AbortSignal): Promise<string>;
}

type Rpc = BirpcReturn<LabClient, WindowListener>;

const RETRY_MS = [250, 500, 1000, 2000, 4000] as const;
const TOKEN_KEY = "hinas.token";

export const LAB_CONNECTION: InjectionKey<LabConnection> = Symbol("lab connection");

/** Returns the connection that the application was given. */
export function useLab(): LabConnection {
  const connection = inject(LAB_CONNECTION);
  if (connection === undefined) throw new Error("useLab: the application must provide LAB_CONNECTION");
  return connection;
}

/** Connects this window to the lab and stays connected for as long as the window lives. */
export function connectLab(): LabConnection {
  const desktop = window.hinas ?? null;
  const hub = createHub();
  const token = desktop === null ? takeToken() : null;
  if (desktop !== null) openBridge(hub, desktop);
  else openSocket(hub, token ?? "");
  const origin = desktop?.origin ?? "";
  return {
    lab: hub.lab,
    state: readonly(hub.state),
    desktop,
    onUpdates: (listener) => addTo(hub.listeners, listener),
    onConnected: (listener) => {
      if (hub.state.value === "open") listener();
      addTo(hub.starters, listener);
    },
    toPictureUrl: (wish) => `${origin}${toPicturePath(wish, token)}`,
    toFileUrl: (wish) => `${origin}${toFilePath(wish, token)}`,
    toSheetUrl: (wish) => `${origin}${toSheetPath(wish, token)}`,
    uploadPhoto: (photo, signal) => uploadPhoto(toUploadPath(photo.name, token ?? ""), photo, signal),
  };
}

async function uploadPhoto(address: string, photo: File, signal: AbortSignal): Promise<string> {
  const response = await fetch(address, { method: "POST", body: photo, signal });
  if (!response.ok) throw new Error((await response.text()).trim());
  const answer = uploadAnswerSchema.safeParse(await response.json());
  if (!answer.success)
    throw new Error(`upload ${photo.name}: the answer must name the photo's place, got something else`);
  return answer.data.path;
}

interface Hub {
  readonly lab: LabClient;
  readonly state: Ref<ConnectionState>;
  readonly listeners: Set<(updates: Updates) => void>;
  readonly starters: Set<() => void>;
  open(rpc: Rpc): void;
  close(state: "lost" | "ended" | "refused"): void;
}

/** Keeps the connection of the moment behind a client that outlives it. */
function createHub(): Hub {
  const state = shallowRef<ConnectionState>("connecting");
  const starters = new Set<() => void>();
  let next = Promise.withResolvers<Rpc>();
  let current: Rpc | null = null;
  return {
    lab: createClient(() => next.promise),
    state,
    listeners: new Set(),
    starters,
    open: (rpc) => {
      current = rpc;
      next.resolve(rpc);
      state.value = "open";
      for (const starter of starters) starter();
    },
    close: (to) => {
      current?.$close(new LabError("interrupted", "the connection to the lab was lost before the answer came"));
      if (current !== null) next = Promise.withResolvers();
      current = null;
      state.value = to;
    },
  };
}

/** A question goes to the connection that there is, or the next one. */
function createClient(getRpc: () => Promise<Rpc>): LabClient {
  const ask = async (name: string, args: readonly unknown[]): Promise<unknown> => {
    const rpc = await getRpc();
    return rpc.$callRaw({ method: name, args: [...args] });
  };
  // The contract's own types say which names and arguments there are.
  return new Proxy({} as LabClient, {
    get: (_target, name) => (typeof name === "string" ? (...args: unknown[]) => ask(name, args) : undefined),
  });
}

function createRpc(hub: Hub, post: (text: string) => void, on: (listener: (text: unknown) => void) => void): Rpc {
  const functions: WindowListener = {
    onUpdates: (updates) => {
      for (const listener of hub.listeners) listener(updates);
    },
  };
  return createBirpc<LabClient, WindowListener>(functions, {
    post,
    on,
    serialize: encodeMessage,
    deserialize: decodeMessage,
    // Some answers take as long as a look at thousands of photos.
    timeout: -1,
  });
}

function openBridge(hub: Hub, bridge: WindowBridge): void {
  hub.open(
    createRpc(
      hub,
      (text) => bridge.postMessage(text),
      (listener) => bridge.onMessage(listener),
    ),
  );
}

/** Connects again and again, ever more slowly, until the lab refuses the token. */
function openSocket(hub: Hub, token: string): void {
  const address = new URL(SOCKET_PATH, window.location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  let receive: (text: unknown) => void = () => undefined;
  const { send } = useWebSocket(address, {
    // A page that asks before it is left, and is not left, keeps its connection.
    autoClose: false,
    autoConnect: false,
    autoReconnect: {
      retries: () => hub.state.value !== "refused",
      delay: (failures) =>
        at(RETRY_MS, Math.min(failures, RETRY_MS.length) - 1, "window: pauses before connecting again"),
    },
    onConnected: (socket) => {
      const greeting: Greeting = { token };
      socket.send(JSON.stringify(greeting));
      hub.open(
        createRpc(
          hub,
          // What a lost connection was to carry is refused by the hub, and not sent by the next one.
          (text) => void send(text, false),
          (listener) => (receive = listener),
        ),
      );
    },
    onMessage: (_socket, { data }) => receive(data),
    onDisconnected: (_socket, { code }) => hub.close(toLoss(code, hub.state.value)),
  });
}

/** A server that said good-bye has ended until another one answers, however often it is called meanwhile. */
function toLoss(code: number, before: ConnectionState): "lost" | "ended" | "refused" {
  if (code === CLOSE_CODES.wrongToken) return "refused";
  return code === CLOSE_CODES.shutDown || before === "ended" ? "ended" : "lost";
}

/**
 * Takes the token out of the address, where it would be copied along, and keeps it for this tab, and for bookmarks and new tabs of this
 * server, which keeps its token too.
 */
function takeToken(): string {
  const address = new URL(window.location.href);
  const given = address.searchParams.get("token");
  if (given !== null) {
    window.sessionStorage.setItem(TOKEN_KEY, given);
    window.localStorage.setItem(TOKEN_KEY, given);
    address.searchParams.delete("token");
    window.history.replaceState(window.history.state, "", address);
  }
  return given ?? window.sessionStorage.getItem(TOKEN_KEY) ?? window.localStorage.getItem(TOKEN_KEY) ?? "";
}

/** Adds for as long as the component or store is there in whose setup this is called. */
function addTo<T>(set: Set<T>, item: T): void {
  set.add(item);
  onScopeDispose(() => void set.delete(item));
}
