import { readLanguage } from "#renderer/texts/language.ts";
import { texts } from "#renderer/texts/texts.ts";

const LOCALES = { en: "en-GB", de: "de-DE", zh: "zh-CN" } as const;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Writes when something happened for people in a list: `just now`, `12 min ago`, `today 14:05`, `3 Nov 2026, 14:05`. */
export function formatMoment(iso: string, now: Date): string {
  const then = new Date(iso);
  const age = now.getTime() - then.getTime();
  if (age < MINUTE_MS) return texts.moments.now;
  if (age < HOUR_MS) return texts.moments.minutesAgo(Math.floor(age / MINUTE_MS));
  const locale = LOCALES[readLanguage()];
  const clock = then.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
  if (then.toDateString() === now.toDateString()) return texts.moments.today(clock);
  const day = then.toLocaleDateString(locale, { day: "numeric", month: "short", year: "numeric" });
  return `${day}, ${clock}`;
}
