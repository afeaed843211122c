import { distance } from "fastest-levenshtein";

/** Finds the known name that a misspelt one most likely means; null where none is near. Case does not count. */
export function findNearestName(name: string, known: Iterable<string>): string | null {
  let nearest: string | null = null;
  let smallest = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits >= smallest) continue;
    smallest = edits;
    nearest = candidate;
  }
  return nearest;
}

/**
 * Finds the known dotted path that a misspelt one most likely means: the same last name elsewhere
 * (`epochs` means `search.epochs`), else the nearest spelling; null where none is near.
 */
export function findNearestPath(path: string, known: Iterable<string>): string | null {
  const paths = [...known];
  const last = lastName(path);
  const samePlace = paths.filter((candidate) => parentOf(candidate) === parentOf(path)).map(lastName);
  const sibling = findNearestName(last, samePlace);
  if (sibling !== null) return [parentOf(path), sibling].filter((part) => part !== "").join(".");
  const elsewhere = paths.find((candidate) => lastName(candidate).toLowerCase() === last.toLowerCase());
  return elsewhere ?? findNearestName(path, paths);
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf(".") + 1);
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf(".")));
}
