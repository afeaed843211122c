import { ROOMS } from "#renderer/routing/rooms.ts";
import { texts } from "#renderer/texts/texts.ts";

const inCompare = (does: string): string => `${texts.rooms.compare}: ${does}`;

/** Every shortcut of the window with what it does, for the list that people read. */
export const SHORTCUT_LIST: readonly { readonly keys: string; readonly does: string }[] = [
  ...ROOMS.map(({ name, key }) => ({ keys: `g ${key}`, does: texts.settings.goTo(texts.rooms[name]) })),
  { keys: "?", does: texts.settings.showShortcuts },
  { keys: "← →", does: texts.cockpit.shortcuts.scrub },
  { keys: "p", does: texts.cockpit.shortcuts.play },
  { keys: "Home End", does: texts.cockpit.shortcuts.ends },
  { keys: "← → ↑ ↓", does: texts.viewer.shortcuts.move },
  { keys: "+ -", does: texts.viewer.shortcuts.zoom },
  { keys: "0", does: texts.viewer.shortcuts.fit },
  { keys: "1 … 6", does: inCompare(texts.compare.wall.keyFlip) },
  { keys: "C", does: inCompare(texts.compare.wall.keyClean) },
  { keys: "N", does: inCompare(texts.compare.wall.keyNoisy) },
  { keys: "E", does: inCompare(texts.compare.wall.keyError) },
  { keys: "n p", does: texts.denoise.shortcuts.next },
  { keys: "1 … 6", does: texts.denoise.shortcuts.flip },
  { keys: "l", does: texts.viewer.loupe },
  { keys: "Space", does: texts.denoise.shortcuts.noisy },
  { keys: "B", does: texts.denoise.shortcuts.before },
  { keys: "D", does: texts.denoise.shortcuts.difference },
  { keys: "B", does: texts.noise.shortcuts.clean },
  { keys: "D", does: texts.noise.shortcuts.difference },
];
