import type { Chart, Plugin } from "chart.js";

/** What is drawn over the curves. */
export interface Overlay {
  /** Where the time scrubber stands; null where it follows the end. */
  marker: number | null;
  /** The stretch that the mouse is drawing, in pixels. */
  selection: { from: number; to: number } | null;
  markerColour: string;
  hoverColour: string;
}

/** Draws the marker, the line under the mouse and the stretch that is being chosen. */
export function buildOverlayPlugin(overlay: Overlay): Plugin<"line"> {
  return {
    id: "overlay",
    afterDatasetsDraw: (chart) => {
      const hovered = chart.tooltip?.opacity === 0 ? undefined : chart.tooltip?.caretX;
      if (hovered !== undefined) drawLine(chart, hovered, overlay.hoverColour, [3, 3]);
      const scale = chart.scales["x"];
      if (overlay.marker !== null && scale !== undefined) {
        drawLine(chart, scale.getPixelForValue(overlay.marker), overlay.markerColour, []);
      }
      drawSelection(chart, overlay);
    },
  };
}

function drawLine({ ctx, chartArea }: Chart<"line">, x: number, colour: string, dash: number[]): void {
  if (x < chartArea.left || x > chartArea.right) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.25;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(x, chartArea.top);
  ctx.lineTo(x, chartArea.bottom);
  ctx.stroke();
  ctx.restore();
}

function drawSelection({ ctx, chartArea }: Chart<"line">, { selection, markerColour }: Overlay): void {
  if (selection === null) return;
  ctx.save();
  ctx.globalAlpha = 0.14;
  ctx.fillStyle = markerColour;
  ctx.fillRect(selection.from, chartArea.top, selection.to - selection.from, chartArea.bottom - chartArea.top);
  ctx.restore();
}
