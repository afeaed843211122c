import { firstTables } from "./0001-first-tables.ts";
import { whatAWindowKeeps } from "./0002-what-a-window-keeps.ts";
import { howFastARunIs } from "./0003-how-fast-a-run-is.ts";
import { whyARunFailed } from "./0004-why-a-run-failed.ts";
import { candidatesAndStudies } from "./0005-candidates-and-studies.ts";
import { formerNames } from "./0006-former-names.ts";
import { howACandidateCame } from "./0007-how-a-candidate-came.ts";
import { whatACandidateNeeds } from "./0008-what-a-candidate-needs.ts";
import { whereADatasetCameFrom } from "./0009-where-a-data-set-came-from.ts";

/** All migrations in order: entry i brings the database from version i to version i + 1. Never change one that was released. */
export const MIGRATIONS: readonly string[] = [
  firstTables,
  whatAWindowKeeps,
  howFastARunIs,
  whyARunFailed,
  candidatesAndStudies,
  formerNames,
  howACandidateCame,
  whatACandidateNeeds,
  whereADatasetCameFrom,
];
