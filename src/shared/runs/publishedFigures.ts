/** Where published figures were read: result tables of public repositories and pages. */
export const FIGURE_SOURCES = {
  dpir: { title: "DPIR (Zhang et al.)", url: "https://github.com/cszn/DPIR" },
  swinir: { title: "SwinIR (Liang et al.)", url: "https://github.com/JingyunLiang/SwinIR" },
  ffdnet: { title: "FFDNet (Zhang et al.)", url: "https://github.com/cszn/FFDNet" },
  brdnet: { title: "BRDNet (Tian et al.)", url: "https://github.com/hellloxiaotian/BRDNet" },
  mwcnn: { title: "MWCNN (Liu et al.)", url: "https://github.com/lpj0/MWCNN" },
  dncnn: { title: "DnCNN (Zhang et al.)", url: "https://github.com/cszn/DnCNN" },
  dncnnAgain: { title: "DnCNN-PyTorch, made by others", url: "https://github.com/SaoYan/DnCNN-PyTorch" },
  papersWithCode: {
    title: "N3Net (Plötz and Roth), by its page at Papers with Code",
    url: "https://arxiv.org/abs/1810.12575",
  },
  mmagic: { title: "mmagic, a test of the authors' weights", url: "https://github.com/open-mmlab/mmagic" },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly url: string }>>;
export type FigureSource = keyof typeof FIGURE_SOURCES;

/** What others report for a method on a standard set; null where no source has it. */
export interface PublishedFigure {
  readonly set: string;
  readonly channels: "grey" | "colour";
  readonly sigma255: number;
  readonly method: string;
  readonly psnrDb: number | null;
  readonly ssim: number | null;
  readonly source: FigureSource;
  /** Null where no SSIM is known. */
  readonly ssimSource: FigureSource | null;
}

/** How the figures were made, which differs a little from the lab's own recipe, and what to beware of. */
export const PUBLISHED_PROTOCOL =
  "Unclipped float noise, output rounded to 8 bits, PSNR of the whole picture. A network trained on BSD500's train and val " +
  "pictures has seen those of BSD68: compare it on Set12 instead.";

/** The levels at which most methods are reported. */
const SIGMAS = [15, 25, 50] as const;
type Row = readonly [method: string, source: FigureSource, psnrDb: readonly (number | null)[]];

interface Table {
  readonly set: string;
  readonly channels: PublishedFigure["channels"];
  readonly sigmas: readonly number[];
  /** PSNR in dB at each sigma. */
  readonly rows: readonly Row[];
}

const TABLES: readonly Table[] = [
  {
    set: "Set12",
    channels: "grey",
    sigmas: SIGMAS,
    rows: [
      ["BM3D", "dpir", [32.37, 29.97, 26.72]],
      ["WNNM", "dpir", [32.7, 30.28, 27.05]],
      ["TNRD", "brdnet", [32.5, 30.06, 26.81]],
      ["DnCNN-S", "dpir", [32.86, 30.44, 27.18]],
      ["DnCNN-B", "dncnnAgain", [32.68, 30.36, 27.21]],
      ["IRCNN", "dpir", [32.77, 30.38, 27.14]],
      ["FFDNet", "dpir", [32.75, 30.43, 27.32]],
      ["N3Net", "dpir", [null, 30.55, 27.43]],
      ["NLRN", "dpir", [33.16, 30.8, 27.64]],
      ["MWCNN", "swinir", [33.15, 30.79, 27.74]],
      ["DRUNet", "dpir", [33.25, 30.94, 27.9]],
      ["SwinIR", "swinir", [33.36, 31.01, 27.91]],
    ],
  },
  {
    set: "BSD68",
    channels: "grey",
    sigmas: SIGMAS,
    rows: [
      ["BM3D", "dpir", [31.08, 28.57, 25.6]],
      ["WNNM", "dpir", [31.37, 28.83, 25.87]],
      ["TNRD", "dncnn", [31.42, 28.92, 25.97]],
      ["DnCNN-S", "dpir", [31.73, 29.23, 26.23]],
      ["DnCNN-B", "dncnn", [31.61, 29.16, 26.23]],
      ["FDnCNN", "dncnn", [31.69, 29.22, 26.27]],
      ["IRCNN", "dpir", [31.63, 29.15, 26.19]],
      ["FFDNet", "dpir", [31.63, 29.19, 26.29]],
      ["N3Net", "dpir", [null, 29.3, 26.39]],
      ["NLRN", "dpir", [31.88, 29.41, 26.47]],
      ["MWCNN", "swinir", [31.86, 29.41, 26.53]],
      ["DRUNet", "dpir", [31.91, 29.48, 26.59]],
      ["SwinIR", "swinir", [31.97, 29.5, 26.58]],
    ],
  },
  {
    set: "CBSD68",
    channels: "colour",
    sigmas: SIGMAS,
    rows: [
      ["CBM3D", "dpir", [33.52, 30.71, 27.38]],
      ["CDnCNN", "dpir", [33.9, 31.24, 27.95]],
      ["IRCNN", "dpir", [33.86, 31.16, 27.86]],
      ["FFDNet", "dpir", [33.87, 31.21, 27.96]],
      ["BRDNet", "brdnet", [34.1, 31.43, 28.16]],
      ["DRUNet", "dpir", [34.3, 31.69, 28.51]],
      ["SwinIR", "swinir", [34.42, 31.78, 28.56]],
      ["Restormer", "mmagic", [34.35, 31.75, 28.56]],
    ],
  },
  {
    set: "Kodak24",
    channels: "colour",
    sigmas: SIGMAS,
    rows: [
      // At sigma 25 other tables have 32.15, which is above FFDNet and looks copied wrong.
      ["CBM3D", "ffdnet", [34.28, 31.68, 28.46]],
      ["CDnCNN", "dpir", [34.6, 32.14, 28.95]],
      ["IRCNN", "dpir", [34.69, 32.18, 28.93]],
      ["FFDNet", "dpir", [34.63, 32.13, 28.98]],
      ["BRDNet", "brdnet", [34.88, 32.41, 29.22]],
      ["DRUNet", "dpir", [35.31, 32.89, 29.86]],
      ["SwinIR", "swinir", [35.34, 32.89, 29.79]],
      ["Restormer", "mmagic", [35.49, 33.05, 30.01]],
    ],
  },
  {
    set: "Set12",
    channels: "grey",
    sigmas: [50],
    rows: [
      ["RED30", "mwcnn", [27.34]],
      ["MemNet", "mwcnn", [27.38]],
    ],
  },
  {
    set: "BSD68",
    channels: "grey",
    sigmas: [50],
    rows: [
      ["RED30", "mwcnn", [26.35]],
      ["MemNet", "mwcnn", [26.35]],
    ],
  },
  {
    set: "BSD68",
    channels: "grey",
    sigmas: [35, 75],
    rows: [
      ["BM3D", "ffdnet", [27.08, 24.21]],
      ["WNNM", "ffdnet", [27.3, 24.4]],
      ["DnCNN", "ffdnet", [27.69, 24.64]],
      ["FFDNet", "ffdnet", [27.73, 24.79]],
    ],
  },
  { set: "Set12", channels: "grey", sigmas: [70], rows: [["N3Net", "papersWithCode", [25.9]]] },
  { set: "BSD68", channels: "grey", sigmas: [70], rows: [["N3Net", "papersWithCode", [25.14]]] },
  {
    set: "CBSD68",
    channels: "colour",
    sigmas: [30],
    rows: [
      ["FFDNet", "dpir", [30.32]],
      ["DRUNet", "dpir", [30.81]],
    ],
  },
];

/** SSIM at sigma 15, 25 and 50 by set and method, all from one source. */
const SSIM_SOURCE: FigureSource = "mwcnn";
const SSIM: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>> = {
  Set12: {
    BM3D: [0.8952, 0.8505, 0.7676],
    TNRD: [0.8962, 0.8515, 0.7677],
    "DnCNN-S": [0.9027, 0.8618, 0.7827],
    IRCNN: [0.9008, 0.8601, 0.7804],
    MWCNN: [0.9088, 0.8711, 0.8056],
  },
  BSD68: {
    BM3D: [0.8722, 0.8017, 0.6869],
    TNRD: [0.8822, 0.8148, 0.7021],
    "DnCNN-S": [0.8906, 0.8278, 0.7189],
    IRCNN: [0.8881, 0.8249, 0.7171],
    MWCNN: [0.8947, 0.836, 0.7366],
  },
};

/** All published figures, table by table, oldest method first. */
export const PUBLISHED_FIGURES: readonly PublishedFigure[] = TABLES.flatMap(({ set, channels, sigmas, rows }) =>
  sigmas.flatMap((sigma255, column) =>
    rows.map(([method, source, psnrs]) => {
      const ssim = SSIM[set]?.[method]?.[SIGMAS.findIndex((sigma) => sigma === sigma255)] ?? null;
      const psnrDb = psnrs[column] ?? null;
      return { set, channels, sigma255, method, psnrDb, ssim, source, ssimSource: ssim === null ? null : SSIM_SOURCE };
    }),
  ),
);

/** Lists what others report on a set, found by its name whatever its case and signs; empty where nothing is known. */
export function findPublished(set: string): readonly PublishedFigure[] {
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return PUBLISHED_FIGURES.filter((figure) => plain(figure.set) === plain(set));
}

/** A method's figure at some level; `interpolatedBetween` names the two reported levels that it was computed from, null where it was reported itself. */
export interface FigureAtLevel extends PublishedFigure {
  readonly interpolatedBetween: readonly [lower: number, upper: number] | null;
}

/**
 * Lists what is known of each method on a set at a level. A level that nobody reports is interpolated between the nearest two
 * that the method has, PSNR in a straight line over log sigma (between 25 and 50 this meets BM3D as measured at 30 by 0.02 dB);
 * SSIM is not interpolated, and nothing is guessed beyond the reported levels. Methods without a figure there are left out.
 */
export function findPublishedAt(set: string, sigma255: number): readonly FigureAtLevel[] {
  const ofSet = findPublished(set);
  return [...new Set(ofSet.map(({ method }) => method))].flatMap((method): FigureAtLevel[] => {
    const known = ofSet.filter((figure) => figure.method === method && figure.psnrDb !== null);
    const reported = known.find((figure) => figure.sigma255 === sigma255);
    if (reported !== undefined) return [{ ...reported, interpolatedBetween: null }];
    const ordered = [...known].sort((a, b) => a.sigma255 - b.sigma255);
    const lower = ordered.filter((figure) => figure.sigma255 < sigma255).at(-1);
    const upper = ordered.find((figure) => figure.sigma255 > sigma255);
    return lower === undefined || upper === undefined ? [] : [interpolate(lower, upper, sigma255)];
  });
}

function interpolate(lower: PublishedFigure, upper: PublishedFigure, sigma255: number): FigureAtLevel {
  const share = Math.log(sigma255 / lower.sigma255) / Math.log(upper.sigma255 / lower.sigma255);
  const [from, to] = [lower.psnrDb ?? NaN, upper.psnrDb ?? NaN];
  const psnrDb = from + (to - from) * share;
  const interpolatedBetween = [lower.sigma255, upper.sigma255] as const;
  return { ...lower, sigma255, psnrDb, ssim: null, ssimSource: null, interpolatedBetween };
}
