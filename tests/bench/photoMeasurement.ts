/** When something of a photo was seen. */
export interface PhotoMoment {
  readonly what: string;
  /** Since the photo was dropped, or since what the moment begins with. */
  readonly seconds: number;
  /** Of the picture that was seen then. */
  readonly megapixels: number;
}

/** What was measured of one photo by one network. */
export interface PhotoMeasurement {
  readonly network: string;
  readonly width: number;
  readonly height: number;
  readonly moments: readonly PhotoMoment[];
}

/** The part on show is to be denoised so soon after what it waits for. */
const SOON_SECONDS = 2;

/** Says in words what misses its bar; empty where nothing does. */
export function findPhotoMisses({ network, moments }: PhotoMeasurement): readonly string[] {
  return moments.flatMap(({ what, seconds }) =>
    what.endsWith("on show") && seconds >= SOON_SECONDS
      ? [`${network}, ${what}: must take less than ${SOON_SECONDS} s`]
      : [],
  );
}

/** Renders measurements as a table for people. */
export function renderPhotoMeasurement({ network, width, height, moments }: PhotoMeasurement): string {
  return [
    `denoise room: a photo of ${width}x${height} by ${network}`,
    ...moments.map(
      ({ what, seconds, megapixels }) =>
        `  ${`${seconds.toFixed(2)} s`.padStart(8)}  ${what} (${megapixels.toFixed(2)} megapixels)`,
    ),
    "",
  ].join("\n");
}
