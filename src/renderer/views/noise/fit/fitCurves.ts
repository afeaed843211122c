import type { CameraFit } from "#shared/image/cameraFit/fitCamera.ts";
import type { Curve } from "#renderer/components/curves/curve.ts";
import { texts } from "#renderer/texts/texts.ts";

/** Draws the levels of a fit as dots, and its line from black to the brightest of them. */
export function toFitCurves({ levels, noise, to255 }: Pick<CameraFit, "levels" | "noise" | "to255">): readonly Curve[] {
  const ends = [0, to255];
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
