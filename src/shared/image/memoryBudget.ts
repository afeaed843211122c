/** What a tile of a photo may take in the engine unless somebody says otherwise, in MB. */
export const DEFAULT_MEMORY_BUDGET_MB = 640;
