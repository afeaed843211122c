/** What the preload script puts on the window as `hinas`. */
export interface WindowBridge {
  readonly electronVersion: string;
}
