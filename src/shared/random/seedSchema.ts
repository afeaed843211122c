import { z } from "zod";

/** The largest seed: random numbers are made from one of 32 bits. */
export const LARGEST_SEED = 0xffffffff;

/** A seed of random numbers, 0 to `LARGEST_SEED`. */
export const seedSchema = z.int().min(0).max(LARGEST_SEED);
