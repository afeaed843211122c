import type { PictureWish } from "#shared/api/pictures.ts";
import type { Pane } from "#renderer/components/viewer/pane.ts";
import { formatPsnr } from "#renderer/format/numbers.ts";
import { texts } from "#renderer/texts/texts.ts";

import type { PatchScores } from "./usePatchScores.ts";
import { toWish, type WallPicture } from "./wallPicture.ts";

export interface WallNetwork {
  readonly runId: string;
  readonly name: string;
}

/** How the wall is looked at. */
export interface WallMode {
  /** The number of the one network that is shown alone, from 1; null shows all. */
  readonly alone: number | null;
  /** The side that a held key calls up in place of the results. */
  readonly side: "clean" | "noisy" | null;
  /** How much errors are amplified; null shows the results. */
  readonly errorGain: number | null;
}

/** Builds the panes of the wall: one for each network that is shown, with the figure of what is seen. */
export function buildWallPanes(
  picture: WallPicture,
  networks: readonly WallNetwork[],
  { alone, side, errorGain }: WallMode,
  scores: PatchScores | null,
  toUrl: (wish: PictureWish) => string,
): readonly Pane[] {
  return networks.flatMap(({ runId, name }, index): Pane[] => {
    if (alone !== null && alone !== index + 1) return [];
    const wish = toWish(picture, side === null ? { runId, errorGain } : { side });
    if (wish === null) return [];
    const label = side === null ? `${index + 1}  ${name}` : texts.compare.wall[side];
    const score = side === null ? scores?.denoised.get(runId) : side === "noisy" ? scores?.noisy : undefined;
    const content = { kind: "picture", picture: { url: toUrl(wish) } } as const;
    // The pane stays the same one while a key is held, and only its picture changes.
    return [{ key: runId, label, content, ...(score === undefined ? {} : { note: formatPsnr(score) }) }];
  });
}

/** Lists the addresses that a key may call up, so that they are at hand at once. */
export function listWallUrls(
  picture: WallPicture,
  networks: readonly WallNetwork[],
  toUrl: (wish: PictureWish) => string,
): readonly string[] {
  const views = [
    { side: "clean" as const },
    { side: "noisy" as const },
    ...networks.map(({ runId }) => ({ runId, errorGain: null })),
  ];
  return views.flatMap((view) => {
    const wish = toWish(picture, view);
    return wish === null ? [] : [toUrl(wish)];
  });
}
