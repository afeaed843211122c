import type { Rectangle } from "#shared/image/geometry.ts";

/** A picture by its address; `over` lies upon it and hides it by a share of 0..1. */
export interface ShownPicture {
  readonly url: string;
  readonly over?: { readonly url: string; readonly share: number };
  /** A part that is newer than the rest: once it is loaded it lies upon all, over this area. */
  readonly patch?: Rectangle & { readonly url: string };
}

/** What a pane shows. All pictures of a viewer have the same size. */
export type PaneContent =
  | { readonly kind: "picture"; readonly picture: ShownPicture }
  /** One picture left of a line and another right of it; the line stays in the middle unless it can be moved. */
  | {
      readonly kind: "wipe";
      readonly left: ShownPicture;
      readonly right: ShownPicture;
      readonly leftLabel: string;
      readonly rightLabel: string;
      readonly canMove: boolean;
    }
  /** `gain` times what `of` has more than `from`; where nothing differs it is middle grey. */
  | { readonly kind: "difference"; readonly of: ShownPicture; readonly from: ShownPicture; readonly gain: number };

/** One of the panes of a viewer. */
export interface Pane {
  /** Unique in its viewer. */
  readonly key: string;
  readonly label: string;
  /** Stands behind the label, e.g. a figure. */
  readonly note?: string;
  readonly content: PaneContent;
}

/** Lists the addresses of all pictures that a content needs. */
export function listUrls(content: PaneContent): readonly string[] {
  return picturesOf(content).flatMap(({ url, over }) => {
    if (over === undefined || over.share === 0) return [url];
    return over.share === 1 ? [over.url] : [url, over.url];
  });
}

/** Lists the addresses of the parts that are newer than the rest; nothing waits for them. */
export function listPatches(content: PaneContent): readonly string[] {
  return picturesOf(content).flatMap(({ patch }) => patch?.url ?? []);
}

function picturesOf(content: PaneContent): readonly ShownPicture[] {
  switch (content.kind) {
    case "picture":
      return [content.picture];
    case "wipe":
      return [content.left, content.right];
    case "difference":
      return [content.of, content.from];
  }
}
