import type { MenuItemConstructorOptions } from "electron";

import { shellTexts } from "./texts.ts";

/** Lists the menus: what every program has, so that copying, zooming and quitting work by keyboard. */
export function buildMenu(platform: NodeJS.Platform): MenuItemConstructorOptions[] {
  const own: MenuItemConstructorOptions[] = platform === "darwin" ? [{ role: "appMenu" }] : [];
  return [
    ...own,
    { role: "fileMenu" },
    { role: "editMenu" },
    {
      label: shellTexts.view,
      submenu: [
        { role: "resetZoom" },
        { role: "zoomIn" },
        { role: "zoomOut" },
        { type: "separator" },
        { role: "togglefullscreen" },
        { role: "toggleDevTools" },
      ],
    },
    { role: "windowMenu" },
  ];
}
