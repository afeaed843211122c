const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Writes when something happened for people in a list: `just now`, `12 min ago`, `today 14:05`, `3 Nov 2026, 14:05`. */
export function formatMoment(iso: string, now: Date): string {
  const then = new Date(iso);
  const age = now.getTime() - then.getTime();
  if (age < MINUTE_MS) return "just now";
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min ago`;
  const clock = then.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  if (then.toDateString() === now.toDateString()) return `today ${clock}`;
  const day = then.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
  return `${day}, ${clock}`;
}
