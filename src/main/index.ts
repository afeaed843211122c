import { startShell } from "#main/shell/startShell.ts";

startShell();
