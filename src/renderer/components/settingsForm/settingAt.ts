/** Returns the value at a dotted path of nested settings; undefined where there is none. */
export function settingAt(settings: unknown, path: string): unknown {
  let value = settings;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
