import { createBirpc } from "birpc";

import type { Lab } from "#shared/api/lab.ts";
import type { WindowListener } from "#shared/api/updates.ts";
import { decodeMessage, encodeMessage } from "#shared/api/wire.ts";

import { type DoorFunctions, type DoorOptions, openDoor } from "./door.ts";
import { createFollowedRuns } from "./followedRuns.ts";
import { createOutbox } from "./outbox.ts";

/** One end of the connection to a window; messages are texts and arrive in order. */
export interface WindowPort {
  /** Never throws: what cannot be sent any more is lost with the connection. */
  post(message: string): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Ends the connection of a window that sends what is no message of the contract. */
  refuse(error: unknown): void;
}

/** The connection of one window. */
export interface WindowSession {
  /** Ends it: nothing is sent any more and no run is followed. */
  close(): void;
}

/** Questions may take as long as they need; the end of the connection is what ends one early. */
const NO_TIMEOUT = -1;

/** Connects a window with the lab: answers its questions and tells it what changes, until it is closed. */
export function openWindowSession(lab: Lab, port: WindowPort, options: DoorOptions): WindowSession {
  const outbox = createOutbox((updates) => window.onUpdates(updates));
  const followed = createFollowedRuns(lab, outbox);
  const functions = openDoor(
    {
      ...lab,
      followRun: ({ id, points }) => followed.follow(id, points),
      unfollowRun: async (id) => followed.unfollow(id),
    },
    options,
  );
  const window = connect(functions, port);
  const stopWatching = lab.watch(outbox.add);
  return {
    close: () => {
      stopWatching();
      outbox.close();
      followed.close();
      window.$close();
    },
  };
}

function connect(functions: DoorFunctions, port: WindowPort) {
  return createBirpc<WindowListener, DoorFunctions>(functions, {
    post: (message: string) => port.post(message),
    on: (receive) =>
      port.onMessage((text) => {
        try {
          receive(decodeMessage(text));
        } catch (error) {
          port.refuse(error);
        }
      }),
    serialize: encodeMessage,
    // Only what the contract names: nothing that every object inherits.
    resolver: (name, found) => (Object.hasOwn(functions, name) ? found : undefined),
    timeout: NO_TIMEOUT,
  });
}
