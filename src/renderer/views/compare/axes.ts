import { formatBytes, formatCount, formatPsnr, formatSsim } from "#renderer/format/numbers.ts";
import { texts } from "#renderer/texts/texts.ts";

/** What networks can be set against each other by. */
export const AXIS_NAMES = [
  "parameters",
  "multiplyAddsPerPixel",
  "receptiveFieldPx",
  "secondsPerMegapixel",
  "peakResidentMb",
  "psnrDb",
  "ssim",
  "haarPsi",
] as const;
export type AxisName = (typeof AXIS_NAMES)[number];

/** How an axis is read. */
export interface Axis {
  readonly label: string;
  /** A smaller figure is better, as with all that is a cost. */
  readonly isCost: boolean;
  readonly format: (value: number) => string;
}

const labels = texts.compare.axes;

export const AXES: Readonly<Record<AxisName, Axis>> = {
  parameters: { label: labels.parameters, isCost: true, format: formatCount },
  multiplyAddsPerPixel: { label: labels.multiplyAddsPerPixel, isCost: true, format: formatCount },
  receptiveFieldPx: { label: labels.receptiveFieldPx, isCost: true, format: (px) => `${Math.round(px)} px` },
  secondsPerMegapixel: {
    label: labels.secondsPerMegapixel,
    isCost: true,
    format: (s) => `${Number(s.toPrecision(3))} s`,
  },
  peakResidentMb: { label: labels.peakResidentMb, isCost: true, format: (mb) => formatBytes(mb * 1e6) },
  psnrDb: { label: labels.psnrDb, isCost: false, format: formatPsnr },
  ssim: { label: labels.ssim, isCost: false, format: formatSsim },
  haarPsi: { label: labels.haarPsi, isCost: false, format: formatSsim },
};
