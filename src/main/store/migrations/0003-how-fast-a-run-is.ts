/** The speed of a run, for the time that it has left. */
export const howFastARunIs = `
ALTER TABLE runs ADD COLUMN seconds_per_step REAL;
`;
