/** What a tile of a photo may take in the engine unless somebody says otherwise, in MB: with it all the lab stays below 1.5 GB. */
export const DEFAULT_MEMORY_BUDGET_MB = 576;

/** What one photo may take when it is opened, and all that are opened at a time together, in MB: a hundred megapixels of 16 bits. */
export const DEFAULT_PHOTO_BUDGET_MB = 2_500;

/** What a person may set: room for one small tile by a small network, up to a terabyte. */
export const MEMORY_BUDGET_RANGE_MB = { smallest: 64, largest: 1_048_576 } as const;
