import { z } from "zod";

import { MEMORY_BUDGET_RANGE_MB } from "./memoryBudget.ts";

/** What a tile of a photo may take in the engine, in MB, as a person may set it. */
export const memoryBudgetSchema = z.int().min(MEMORY_BUDGET_RANGE_MB.smallest).max(MEMORY_BUDGET_RANGE_MB.largest);
