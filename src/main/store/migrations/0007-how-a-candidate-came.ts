/** What a strategy knew of a candidate when it chose it, as JSON; null where it knew nothing, and of older runs. */
export const howACandidateCame = `
ALTER TABLE candidates ADD COLUMN origin TEXT;
`;
