import { createInterface } from "node:readline/promises";

/** Asks a question at the terminal and tells whether the answer was yes. */
export async function confirm(question: string): Promise<boolean> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test(await prompt.question(`${question} [y/N] `));
  } finally {
    prompt.close();
  }
}
