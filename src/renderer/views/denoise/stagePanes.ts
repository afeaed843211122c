import type { Pane, ShownPicture } from "#renderer/components/viewer/pane.ts";
import { texts } from "#renderer/texts/texts.ts";

/** How the stage shows a photo; a contact sheet shows it by every network. */
export const ARRANGEMENTS = ["result", "wipe", "split", "pair", "sheet"] as const;
export type Arrangement = (typeof ARRANGEMENTS)[number];

/** What a held key calls up. */
export type Held = "noisy" | "before" | "difference" | null;

/** What one network made of a photo, by the addresses of its pictures. */
export interface StageResult {
  readonly key: string;
  /** The network's name. */
  readonly model: string;
  /** What the network got. */
  readonly input: string;
  readonly output: string;
  /** The picture that is saved at a strength between 0 and 1 at which the slider came to rest; null at its ends. */
  readonly settled: { readonly strength: number; readonly url: string } | null;
  /** The photo before noise was added; null where none was. */
  readonly clean: string | null;
  /** A part that was denoised anew, before the rest. */
  readonly patch?: ShownPicture["patch"];
}

export interface StageLook {
  readonly arrangement: Arrangement;
  readonly held: Held;
  /** 0..1: how much of the result is laid over what the network got. */
  readonly strength: number;
}

/** A difference of a quarter of the range reaches from grey to white: noise is seldom larger. */
const REMOVED_GAIN = 4;
/** What is left of it is smaller. */
const ERROR_GAIN = 8;

/** Arranges one photo for the viewer: the chosen network's result, or all of them on a contact sheet. */
export function buildPanes(results: readonly StageResult[], chosen: StageResult, look: StageLook): readonly Pane[] {
  const { held, strength, arrangement } = look;
  if (arrangement === "sheet") return buildSheet(results, look);
  const after = showResult(chosen, strength);
  const label = results.length > 1 ? chosen.model : texts.denoise.denoised;
  if (held !== null) return [heldPane("single", held, chosen, after, "")];
  switch (arrangement) {
    case "result":
      return [{ key: "single", label, content: { kind: "picture", picture: after } }];
    case "wipe":
    case "split": {
      const labels = { leftLabel: texts.denoise.noisy, rightLabel: label };
      const left = { url: chosen.input };
      const content = { kind: "wipe", left, right: after, ...labels, canMove: arrangement === "wipe" } as const;
      return [{ key: "single", label, content }];
    }
    case "pair":
      return [noisyPane(chosen), { key: "single", label, content: { kind: "picture", picture: after } }];
  }
}

/** Lists every picture that a key may call up. */
export function listStageUrls(results: readonly StageResult[]): readonly string[] {
  return [
    ...new Set(results.flatMap(({ input, output, clean }) => [input, output, ...(clean === null ? [] : [clean])])),
  ];
}

function buildSheet(results: readonly StageResult[], { held, strength }: StageLook): readonly Pane[] {
  const [first] = results;
  const panes = results.map((result): Pane => {
    const after = showResult(result, strength);
    if (held !== null) return heldPane(result.key, held, result, after, result.model);
    return { key: result.key, label: result.model, content: { kind: "picture", picture: after } };
  });
  return first === undefined ? panes : [noisyPane(first), ...panes];
}

function noisyPane({ input }: StageResult): Pane {
  return { key: "noisy", label: texts.denoise.noisy, content: { kind: "picture", picture: { url: input } } };
}

function heldPane(
  key: string,
  held: Exclude<Held, null>,
  result: StageResult,
  after: ShownPicture,
  note: string,
): Pane {
  const picture = (url: string, label: string): Pane => ({
    key,
    label,
    note,
    content: { kind: "picture", picture: { url } },
  });
  switch (held) {
    case "noisy":
      return picture(result.input, texts.denoise.noisy);
    case "before":
      return result.clean === null
        ? picture(result.input, texts.denoise.before)
        : picture(result.clean, texts.denoise.clean);
    case "difference": {
      const label = result.clean === null ? texts.denoise.removed : texts.denoise.error;
      const from = { url: result.clean ?? result.input };
      const gain = result.clean === null ? REMOVED_GAIN : ERROR_GAIN;
      return { key, label, note, content: { kind: "difference", of: after, from, gain } };
    }
  }
}

/** Mixes on screen, which rounds and clips each picture by itself, only until the lab has blended them for the strength. */
function showResult({ input, output, settled, patch }: StageResult, strength: number): ShownPicture {
  const newer = patch === undefined ? {} : { patch };
  if (settled?.strength === strength) return { url: settled.url, ...newer };
  return { url: input, over: { url: output, share: strength }, ...newer };
}
