import type { CameraFit } from "#shared/image/cameraFit/fitCamera.ts";
import type { Curve } from "#renderer/components/curves/curve.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Draws the levels of a fit as dots, and its line from the darkest of them to the brightest. */
export function toFitCurves({ levels, noise, from255, to255 }: CameraFit): readonly Curve[] {
  const ends = [from255, to255];
  return [
    {
      id: "measured",
      label: texts.cameraFit.measured,
      colour: "var(--accent)",
      isScattered: true,
      x: levels.map(({ signal255 }) => signal255),
      y: levels.map(({ variance255 }) => variance255),
    },
    {
      id: "line",
      label: texts.cameraFit.line,
      colour: "var(--text)",
      isDashed: true,
      x: ends,
      y: ends.map((signal255) => 255 * noise.gain * signal255 + noise.sigma255 ** 2),
    },
  ];
}
