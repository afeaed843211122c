/** Where a data set was downloaded from, with its checksum, as JSON; most were not downloaded. */
export const whereADatasetCameFrom = `
ALTER TABLE datasets ADD COLUMN download_json TEXT NOT NULL DEFAULT 'null';
`;
