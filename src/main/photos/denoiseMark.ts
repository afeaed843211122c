/** What a result says in its XMP of how it was made. */
export interface DenoiseMark {
  readonly model: string;
  /** The beginning of the SHA-256 of the model's file. */
  readonly hash: string;
  /** 0..1 */
  readonly strength: number;
  /** The noise that the photo had, 0..255 scale, as said or estimated; null where nobody knew. */
  readonly sigma255: number | null;
}

/** The model comes last, for its name may be anything; the beginning tells our entries from those of others. */
const MARK = /hinas denoise: hash=([0-9a-f]+); strength=([\d.]+); sigma=([\d.]+|unknown); model=([^<"\n]*)/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", apos: "'" };

/** Writes a mark as the parameters of an entry in a photo's history: one line. */
export function toMarkText({ model, hash, strength, sigma255 }: DenoiseMark): string {
  const sigma = sigma255 === null ? "unknown" : String(Number(sigma255.toFixed(1)));
  return `hinas denoise: hash=${hash}; strength=${strength}; sigma=${sigma}; model=${model.replace(/\s+/g, " ")}`;
}

/** Reads the marks in a photo's XMP, the oldest first; none where there is no XMP. */
export function readMarks(xmp: Uint8Array | null): readonly DenoiseMark[] {
  if (xmp === null) return [];
  const text = Buffer.from(xmp.buffer, xmp.byteOffset, xmp.byteLength).toString("utf8");
  return [...text.matchAll(MARK)].map(([, hash = "", strength, sigma, model = ""]) => ({
    hash,
    model: model.replace(/&(\w+|#39);/g, (entity, name: string) => ENTITIES[name] ?? entity),
    strength: Number(strength),
    sigma255: sigma === "unknown" ? null : Number(sigma),
  }));
}

/** Warns of a photo that was denoised already; null for one that was not. */
export function warnOfMarks(marks: readonly DenoiseMark[]): string | null {
  const last = marks.at(-1);
  if (last === undefined) return null;
  const share = last.strength === 1 ? "" : ` at ${Math.round(last.strength * 100)} %`;
  return `This photo was denoised before, by ${last.model} (${last.hash})${share}; done again it loses detail. Take the original where you have it`;
}
