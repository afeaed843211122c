/** Writes seconds as people say them: `45 s`, `3 min 20 s`, `2 h 05 min`, `3 d 04 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${pad(whole % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${pad(hours % 24)} h`;
}

/** Writes an estimate: without seconds from ten minutes on, where they would only flicker. */
export function formatEstimate(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes >= 10 && minutes < 60 ? `${minutes} min` : formatDuration(seconds);
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
