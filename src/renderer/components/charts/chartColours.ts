/** Returns the value of a colour that may be a custom property; canvas knows no `var()`. */
export function resolveColour(colour: string, element: Element): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  return name === undefined ? colour : getComputedStyle(element).getPropertyValue(name).trim();
}
