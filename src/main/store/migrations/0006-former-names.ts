/** Names that a data set had before, by which runs still name it. */
export const formerNames = `
ALTER TABLE datasets ADD COLUMN former_names_json TEXT NOT NULL DEFAULT '[]';
`;
