import { LabError } from "#shared/labError.ts";

/** What Python prints of lists, tuples, texts, whole numbers, and a call such as a named tuple. */
export type PythonValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly number: number }
  | { readonly kind: "list"; readonly items: readonly PythonValue[] }
  | {
      readonly kind: "call";
      readonly positional: readonly PythonValue[];
      readonly named: ReadonlyMap<string, PythonValue>;
    };

const TOKEN = /\s*(?:#[^\n]*\n\s*)*('[^'\n]*'|"[^"\n]*"|\d+|[A-Za-z_]\w*|[()[\],=])/y;
/** A genotype nests four deep; more is an attack on the stack. */
const DEEPEST = 10;
/** A `range` of more states than any cell has. */
const LONGEST_RANGE = 100;

/** Reads one value; a name before `=` at the beginning is passed over. Nothing is ever run. Throws LabError `bad_genotype`. */
export function parsePythonText(text: string, source: string): PythonValue {
  const tokens = tokenise(text, source);
  const reader = new Reader(tokens[1] === "=" ? tokens.slice(2) : tokens, source);
  const value = reader.readValue(0);
  reader.expectEnd();
  return value;
}

function tokenise(text: string, source: string): readonly string[] {
  const tokens: string[] = [];
  let end = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    tokens.push(match[1] ?? "");
    end = TOKEN.lastIndex;
  }
  const rest = text.slice(end).replace(/#.*$/gm, "").trim();
  if (rest !== "" || tokens.length === 0) {
    const got = JSON.stringify(rest.slice(0, 40));
    throw new LabError("bad_genotype", `${source}: must be JSON or a genotype as Python prints it, got ${got}`);
  }
  return tokens;
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #source: string;
  #next = 0;

  constructor(tokens: readonly string[], source: string) {
    this.#tokens = tokens;
    this.#source = source;
  }

  readValue(depth: number): PythonValue {
    if (depth > DEEPEST) throw this.#bad(`must nest at most ${DEEPEST} deep`);
    const token = this.#take();
    if (/^['"]/.test(token)) return { kind: "text", text: token.slice(1, -1) };
    if (/^\d/.test(token)) return { kind: "number", number: Number(token) };
    if (token === "[" || token === "(") return { kind: "list", items: this.#readItems(token, depth).positional };
    if (/^\w/.test(token) && this.#peek() === "(") {
      this.#take();
      const call = this.#readItems("(", depth);
      return token === "range" ? this.#toRange(call.positional) : { kind: "call", ...call };
    }
    throw this.#bad(`must be a list, a text or a whole number, got "${token}"`);
  }

  expectEnd(): void {
    if (this.#next < this.#tokens.length) throw this.#bad(`must end here, got "${this.#peek()}"`);
  }

  #readItems(open: string, depth: number) {
    const close = open === "[" ? "]" : ")";
    const positional: PythonValue[] = [];
    const named = new Map<string, PythonValue>();
    while (this.#peek() !== close) {
      const name = this.#tokens[this.#next + 1] === "=" ? this.#take() : null;
      if (name !== null) this.#take();
      const value = this.readValue(depth + 1);
      if (name === null) positional.push(value);
      else named.set(name, value);
      const isOver = this.#peek() === close;
      if (!isOver && this.#take() !== ",") throw this.#bad(`must have "," or "${close}" between values`);
    }
    this.#take();
    return { positional, named };
  }

  #toRange(bounds: readonly PythonValue[]): PythonValue {
    const numbers = bounds.flatMap((bound) => (bound.kind === "number" ? [bound.number] : []));
    const from = numbers.length === 1 ? 0 : numbers[0];
    const to = numbers.length === 1 ? numbers[0] : numbers[1];
    if (from === undefined || to === undefined || to - from > LONGEST_RANGE) throw this.#bad("must have a short range");
    const items = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
    return { kind: "list", items: items.map((number) => ({ kind: "number", number })) };
  }

  #peek(): string {
    return this.#tokens[this.#next] ?? "the end";
  }

  #take(): string {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw this.#bad("ends too early: a bracket is open");
    this.#next += 1;
    return token;
  }

  #bad(what: string): LabError {
    return new LabError("bad_genotype", `${this.#source}: the text ${what}`);
  }
}
