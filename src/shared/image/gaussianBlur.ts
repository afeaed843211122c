import { computeGaussianWindow } from "./gaussianWindow.ts";
import type { Photo } from "./photo.ts";

/** Blurs a photo with a Gaussian of `sigmaPx` pixels, cut at three sigmas; outside the photo its edge pixels go on. */
export function gaussianBlur(photo: Photo, sigmaPx: number): Photo {
  if (sigmaPx <= 0) return photo;
  const { width, height, channels } = photo;
  const window = computeGaussianWindow(Math.ceil(3 * sigmaPx), sigmaPx);
  const alongX = blurAxis(photo.data, window, { length: width, stride: channels, lines: height * channels });
  const data = blurAxis(alongX, window, { length: height, stride: width * channels, lines: width * channels });
  return { width, height, channels, data };
}

interface Axis {
  readonly length: number;
  readonly stride: number;
  readonly lines: number;
}

function blurAxis(source: Float32Array, window: Float64Array, { length, stride, lines }: Axis): Float32Array {
  const result = new Float32Array(source.length);
  const radius = (window.length - 1) / 2;
  for (let line = 0; line < lines; line++) {
    const start = Math.floor(line / stride) * stride * length + (line % stride);
    for (let i = 0; i < length; i++) {
      let sum = 0;
      // Away from the edges, where most pixels are, nothing needs to be held inside.
      if (i >= radius && i + radius < length) {
        let from = start + (i - radius) * stride;
        for (let tap = 0; tap < window.length; tap++, from += stride)
          sum += (window[tap] ?? NaN) * (source[from] ?? NaN);
      } else {
        for (let tap = 0; tap < window.length; tap++) {
          const position = Math.min(length - 1, Math.max(0, i + tap - radius));
          sum += (window[tap] ?? NaN) * (source[start + position * stride] ?? NaN);
        }
      }
      result[start + i * stride] = sum;
    }
  }
  return result;
}
