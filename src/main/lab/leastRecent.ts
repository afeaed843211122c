/** Remembers values up to a total size; those that were not asked for the longest are forgotten first. */
export interface LeastRecent<Value> {
  /** Returns what is remembered under the key, or makes it; callers that ask meanwhile share one making. */
  get(key: string, make: () => Promise<Value>): Promise<Value>;
  forget(key: string): void;
}

interface Entry<Value> {
  readonly value: Promise<Value>;
  /** 0 while it is being made. */
  size: number;
}

/** Creates an empty memory; a value larger than all the room is made anew each time. */
export function createLeastRecent<Value>(room: number, sizeOf: (value: Value) => number): LeastRecent<Value> {
  const entries = new Map<string, Entry<Value>>();
  const shrink = (): void => {
    let total = [...entries.values()].reduce((sum, { size }) => sum + size, 0);
    for (const [key, { size }] of entries) {
      if (total <= room) return;
      if (size === 0) continue;
      entries.delete(key);
      total -= size;
    }
  };
  return {
    get: async (key, make) => {
      const known = entries.get(key);
      if (known !== undefined) {
        entries.delete(key);
        entries.set(key, known);
        return known.value;
      }
      const entry: Entry<Value> = { value: make(), size: 0 };
      entries.set(key, entry);
      try {
        const value = await entry.value;
        entry.size = Math.max(1, sizeOf(value));
        shrink();
        return value;
      } catch (error) {
        if (entries.get(key) === entry) entries.delete(key);
        throw error;
      }
    },
    forget: (key) => void entries.delete(key),
  };
}
