import type { Rectangle } from "#shared/image/geometry.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where panes look. They all get the same one, so they zoom and pan in step. */
export interface ViewerView {
  /** Pixels of the screen per pixel of the picture; null fits the whole picture into the pane. */
  readonly scale: number | null;
  /** The picture's point in the middle of the pane, in the picture's pixels. */
  readonly x: number;
  readonly y: number;
}

/** What panes show of their pictures at the moment. */
export interface Look {
  /** In the picture's pixels. */
  readonly area: Rectangle;
  readonly scale: number;
  readonly picture: Size;
}

/** Where a picture lies in a pane, in pixels of the screen. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  readonly scale: number;
}

export const FITTED: ViewerView = { scale: null, x: 0, y: 0 };

/** At this one a grain of noise is as large as a fingertip. */
const LARGEST_SCALE = 32;
/** Between true size and this one, squares would be one or two pixels of the screen wide, which looks like a pattern. */
const SQUARE_SCALE = 2;
const STEPS = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, LARGEST_SCALE] as const;

/** Returns the scale at which the whole picture is seen; small pictures grow by a whole factor, so that their pixels stay square. */
export function fitScale(picture: Size, pane: Size): number {
  const scale = Math.min(pane.width / picture.width, pane.height / picture.height);
  return scale > SQUARE_SCALE ? Math.min(Math.floor(scale), LARGEST_SCALE) : scale;
}

/** Tells whether pixels are drawn as squares: at whole scales, and above those at which uneven ones would be seen. */
export function hasSquarePixels(scale: number): boolean {
  return scale >= SQUARE_SCALE || scale === 1;
}

/** Returns the scale of a view. */
export function scaleOf(view: ViewerView, picture: Size, pane: Size): number {
  return view.scale ?? fitScale(picture, pane);
}

/** Places a picture in a pane: in the middle along a side that fits, else without gaps at the edges. */
export function placePicture(view: ViewerView, picture: Size, pane: Size): Placement {
  const scale = scaleOf(view, picture, pane);
  const at = (centre: number, length: number, room: number): number => {
    const shown = length * scale;
    if (view.scale === null || shown <= room) return Math.round((room - shown) / 2);
    return Math.round(Math.min(0, Math.max(room - shown, room / 2 - centre * scale)));
  };
  return {
    scale,
    left: at(view.x, picture.width, pane.width),
    top: at(view.y, picture.height, pane.height),
  };
}

/** Zooms to a scale so that the picture's point under a point of the pane stays there. */
export function zoomTo(view: ViewerView, wanted: number, at: Point, picture: Size, pane: Size): ViewerView {
  const { left, top, scale } = placePicture(view, picture, pane);
  const smallest = Math.min(1, fitScale(picture, pane));
  const next = Math.min(LARGEST_SCALE, Math.max(smallest, wanted));
  const x = (at.x - left) / scale - (at.x - pane.width / 2) / next;
  const y = (at.y - top) / scale - (at.y - pane.height / 2) / next;
  return keepInside({ scale: next, x, y }, picture, pane);
}

/** Moves the picture by pixels of the screen. */
export function panBy(view: ViewerView, by: Point, picture: Size, pane: Size): ViewerView {
  if (view.scale === null) return view;
  const { left, top, scale } = placePicture(view, picture, pane);
  const x = (pane.width / 2 - left - by.x) / scale;
  const y = (pane.height / 2 - top - by.y) / scale;
  return keepInside({ scale, x, y }, picture, pane);
}

/** Returns the next larger (`1`) or smaller (`-1`) of the usual scales. */
export function stepScale(scale: number, direction: 1 | -1): number {
  const slack = 1.001;
  const next = direction === 1 ? STEPS.find((step) => step > scale * slack) : STEPS.findLast((s) => s < scale / slack);
  return next ?? scale;
}

/** Returns the part of the picture that a pane shows, in whole pixels of the picture; null where none is seen. */
export function findVisible(view: ViewerView, picture: Size, pane: Size): Rectangle | null {
  const { left, top, scale } = placePicture(view, picture, pane);
  const x = Math.max(0, Math.floor(-left / scale));
  const y = Math.max(0, Math.floor(-top / scale));
  const width = Math.min(picture.width, Math.ceil((pane.width - left) / scale)) - x;
  const height = Math.min(picture.height, Math.ceil((pane.height - top) / scale)) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : null;
}

/** Returns in how many columns `count` panes show pictures of this shape largest. */
export function chooseColumns(count: number, picture: Size, room: Size): number {
  let best = { columns: 1, scale: 0 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const scale = Math.min(room.width / columns / picture.width, room.height / rows / picture.height);
    if (scale > best.scale) best = { columns, scale };
  }
  return best.columns;
}

/** Moves the centre to where the edges of the picture let it be, so that panning back takes effect at once. */
function keepInside(view: ViewerView & { readonly scale: number }, picture: Size, pane: Size): ViewerView {
  const { left, top, scale } = placePicture(view, picture, pane);
  return { scale, x: (pane.width / 2 - left) / scale, y: (pane.height / 2 - top) / scale };
}
