/**
 * A picture as numbers: `data` is `[height, width, channels]` row-major, nominally 0..1 (noise may leave that range).
 * Channels: 1 grey or 3 colour. Never mutated after it is built.
 */
export interface Photo {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Float32Array;
}

/** A photo of a data set with the name that identifies it; `noisy` is present for camera pairs only. */
export interface NamedPhoto {
  readonly name: string;
  readonly clean: Photo;
  readonly noisy?: Photo | undefined;
}
