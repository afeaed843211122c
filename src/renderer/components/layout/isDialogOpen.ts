/** Tells whether a dialog lies over the room, which then gets no keys; one that is fading away no longer counts. */
export function isDialogOpen(): boolean {
  return document.querySelector(":is([role=dialog], [role=alertdialog])[data-state=open]") !== null;
}
