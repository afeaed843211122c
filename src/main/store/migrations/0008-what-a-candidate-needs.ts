/** Validation PSNR and estimated memory of a candidate; null where nothing was validated, and of older runs. */
export const whatACandidateNeeds = `
ALTER TABLE candidates ADD COLUMN psnr_db REAL;
ALTER TABLE candidates ADD COLUMN memory_bytes_per_pixel REAL;
`;
