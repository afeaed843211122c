import { saveBlob, saveText } from "#renderer/files/saveFile.ts";

/** Drawings are saved with so many dots per pixel, so that they print well. */
const PNG_SCALE = 2;

/** Lets the person save a drawing as SVG. */
export function saveSvg(svg: string, name: string): void {
  saveText(svg, `${name}.svg`, "image/svg+xml");
}

/** Lets the person save a drawing as PNG. Throws where the browser cannot draw it. */
export async function savePng(svg: string, name: string): Promise<void> {
  const image = new Image();
  image.src = toDataUrl(svg);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth * PNG_SCALE;
  canvas.height = image.naturalHeight * PNG_SCALE;
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (blob === null) {
    throw new Error(`drawing: ${canvas.width} x ${canvas.height} pixels must fit a canvas, got nothing drawn`);
  }
  saveBlob(blob, `${name}.png`);
}

/** Returns an address that holds a drawing itself. */
function toDataUrl(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
