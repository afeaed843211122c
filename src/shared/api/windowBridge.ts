/** What the preload script puts on the window as `hinas`: named functions, and no way to any other channel. */
export interface WindowBridge {
  readonly electronVersion: string;
  readonly platform: string;
  /** Where pictures and files are had, without a slash at the end. */
  readonly origin: string;
  /** Sends a message of the contract (wire.ts) to the lab. */
  postMessage(message: string): void;
  /** Passes on the lab's messages; one listener, a later one replaces it. */
  onMessage(listener: (message: string) => void): void;
  /** The path of a dropped file or folder; empty where it is not on a disk. */
  getPathForFile(file: unknown): string;
  /** Null where the person thought better of it. */
  chooseFolder(title: string): Promise<string | null>;
  choosePhotos(title: string): Promise<readonly string[]>;
  chooseSaveFile(title: string, suggestedPath: string): Promise<string | null>;
  /** Shows a file of the lab or of a registered data set in the system's file manager. */
  showInFolder(path: string): Promise<void>;
}
