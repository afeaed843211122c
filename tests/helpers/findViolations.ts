import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** Lists what keeps people from using a page, as axe finds it: each serious or critical rule with the elements that break it. */
export async function findViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ["violations"] }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
