/** Lets the person save bytes that the window made, under a suggested name. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The download has taken what it needs by the next turn of the event loop.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}

/** Lets the person save text, e.g. CSV. */
export function saveText(text: string, name: string, type: string): void {
  saveBlob(new Blob([text], { type: `${type};charset=utf-8` }), name);
}

/** Lets the person save a canvas as PNG on a background of its own, for a canvas is see-through. */
export function saveCanvas(canvas: HTMLCanvasElement, background: string, name: string): void {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext("2d");
  if (context === null) return;
  context.fillStyle = background;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  copy.toBlob((blob) => {
    if (blob !== null) saveBlob(blob, name);
  }, "image/png");
}

/** Makes a file name of a title: `Loss, layer 2` becomes `loss-layer-2`. */
export function toFileName(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, "-")
    .replace(/^-|-$/g, "");
}
