/** A panel of a board as the person wants it; its place is that in the list. */
export interface PanelPlace {
  readonly id: string;
  readonly isHidden: boolean;
  readonly isLarge: boolean;
}

/**
 * Brings what was remembered together with the panels that there are: those that are gone are left out, and new ones stand where
 * they stand among the panels by themselves.
 */
export function settlePlaces(ids: readonly string[], remembered: readonly PanelPlace[]): PanelPlace[] {
  const places = remembered.filter(({ id }, index) => {
    return ids.includes(id) && remembered.findIndex((other) => other.id === id) === index;
  });
  for (const [index, id] of ids.entries()) {
    if (places.some((place) => place.id === id)) continue;
    const before = places.findIndex((place) => place.id === ids[index - 1]);
    places.splice(before + 1, 0, { id, isHidden: false, isLarge: false });
  }
  return places;
}

/** Moves a panel to where another one stands, which makes room; the same list where there is nothing to move. */
export function movePlace(places: readonly PanelPlace[], id: string, to: string): readonly PanelPlace[] {
  const moved = places.find((place) => place.id === id);
  const target = places.findIndex((place) => place.id === to);
  if (moved === undefined || target === -1 || id === to) return places;
  const others = places.filter((place) => place !== moved);
  return others.toSpliced(target, 0, moved);
}

/** Moves a panel before the shown one before it, for -1, or behind the shown one behind it, for 1. */
export function stepPlace(places: readonly PanelPlace[], id: string, by: -1 | 1): readonly PanelPlace[] {
  const shown = places.filter((place) => !place.isHidden);
  const neighbour = shown[shown.findIndex((place) => place.id === id) + by];
  return neighbour === undefined ? places : movePlace(places, id, neighbour.id);
}
