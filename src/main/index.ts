import { setupLockdown } from "#main/shell/lockdown.ts";
import { setupWindow } from "#main/shell/window.ts";

setupLockdown();
setupWindow();
