/** The kind of trouble that ended a run, by which a script tells one from another. */
export const whyARunFailed = `
ALTER TABLE runs ADD COLUMN error_kind TEXT;
`;
