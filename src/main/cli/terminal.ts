import { styleText } from "node:util";

/** Where text can go: a terminal, a pipe or a file. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type Style = "bold" | "dim" | "red" | "green" | "yellow";

/** The two voices of the command line: data on stdout, talk on stderr. */
export interface Terminal {
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Stderr, where progress is drawn, with what is known about it. */
  readonly talk: TextStream;
  /** Prints a line of data. */
  print(line: string): void;
  /** Prints one JSON value as data, indented. */
  printJson(value: unknown): void;
  /** Prints one JSON value as data on a single line. */
  printJsonLine(value: unknown): void;
  /** Talks to the person, unless quiet. */
  say(line: string): void;
  /** Warns or reports failure, also when quiet. */
  warn(line: string): void;
  /** Styles data for stdout where it is a terminal that shows colour. */
  paint(style: Style, text: string): string;
}

export interface TerminalOptions {
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: boolean;
}

/** Makes a terminal of two streams. Colour goes to terminals only; warnings are yellow. */
export function createTerminal({ stdout, stderr, quiet, verbose, color }: TerminalOptions): Terminal {
  const painter = (stream: TextStream) => (style: Style, text: string) =>
    color && stream.isTTY === true ? styleText(style, text, { validateStream: false }) : text;
  const paintTalk = painter(stderr);
  return {
    quiet,
    verbose,
    talk: stderr,
    print: (line) => void stdout.write(`${line}\n`),
    printJson: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    printJsonLine: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    say: (line) => {
      if (!quiet) stderr.write(`${line}\n`);
    },
    warn: (line) => void stderr.write(`${paintTalk("yellow", line)}\n`),
    paint: painter(stdout),
  };
}

/** Tells whether the environment allows colour: not with `NO_COLOR` set to anything, nor on a dumb terminal. */
export function allowsColor(env: Readonly<Record<string, string | undefined>>): boolean {
  return (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}
