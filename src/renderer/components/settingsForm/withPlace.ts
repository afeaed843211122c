/** The command that does the same at a site; `place` "" is this computer. */
export function withPlace(command: string, place: string): string {
  return command === "" || place === "" ? command : `${command} --on ${place}`;
}
