/** Every channel between the preload script and the main process; there are no others. */
export const CHANNELS = {
  /** A window has loaded and wants a new connection to the lab. */
  connect: "hinas:connect",
  /** Messages of the contract, in both directions. */
  message: "hinas:message",
  chooseFolder: "hinas:choose-folder",
  choosePhotos: "hinas:choose-photos",
  chooseSaveFile: "hinas:choose-save-file",
  showInFolder: "hinas:show-in-folder",
} as const;

/** The scheme by which the window loads itself, its pictures and its files. */
export const SCHEME = "hinas";
/** The only origin that the window has. */
export const ORIGIN = `${SCHEME}://app`;
