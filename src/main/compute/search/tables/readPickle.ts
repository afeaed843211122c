import { LabError } from "#shared/labError.ts";

import { ALLOWED, isList, type Item, type PickleValue } from "./pickleItems.ts";

/** The newest protocol whose opcodes are known here. */
const NEWEST_PROTOCOL = 4;

/**
 * Reads a Python pickle that holds nothing but numbers, texts, lists, tuples and mappings. A pickle is a program: nothing of it
 * is run here, and one that asks for any class or function is refused by its name (but for numpy's own 64-bit numbers, which
 * are read as such). `source` names the file. Throws LabError `bad_data`.
 */
export function readPickle(bytes: Uint8Array, source: string): PickleValue {
  return new PickleReader(bytes, source).read();
}

class PickleReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #source: string;
  readonly #stack: Item[] = [];
  readonly #memo = new Map<number, Item>();
  #at = 0;

  constructor(bytes: Uint8Array, source: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#source = source;
  }

  read(): PickleValue {
    const [start, protocol = NaN] = this.#bytes;
    if (start !== 0x80 || protocol < 2) throw this.#fail("must be a pickle of protocol 2 to 4", "another kind of file");
    if (protocol > NEWEST_PROTOCOL) throw this.#fail("must be a pickle of protocol 2 to 4", `protocol ${protocol}`);
    for (;;) {
      const opcode = this.#u8();
      if (opcode === 0x2e) return this.#valueOf(this.#pop());
      const act = OPCODES[opcode];
      if (act === undefined) throw this.#fail("must hold plain data only", `opcode 0x${opcode.toString(16)}`);
      act(this);
    }
  }

  skip(count: number): void {
    this.#take(count);
  }

  push(value: PickleValue): void {
    this.#stack.push({ kind: "value", value });
  }

  pushItem(item: Item): void {
    this.#stack.push(item);
  }

  number(size: 1 | 2 | 4): number {
    const start = this.#advance(size);
    if (size === 1) return this.#view.getUint8(start);
    return size === 2 ? this.#view.getUint16(start, true) : this.#view.getUint32(start, true);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** A whole number of up to six bytes, which a double holds exactly. */
  long(): number {
    const size = this.number(1);
    if (size > 6) throw this.#fail("must hold whole numbers below 2^47", `one of ${size} bytes`);
    const digits = this.#take(size);
    const value = digits.reduceRight((sum, digit) => sum * 256 + digit, 0);
    return (digits.at(-1) ?? 0) >= 128 ? value - 256 ** size : value;
  }

  text(size: number): string {
    return new TextDecoder("utf-8", { fatal: false }).decode(this.#take(size));
  }

  bytes(size: number): void {
    this.#stack.push({ kind: "bytes", bytes: this.#take(size) });
  }

  /** Reads `module`, a line, and a name, another. */
  global(): void {
    this.name(this.#line(), this.#line());
  }

  nameFromStack(): void {
    const name = this.#text(this.#pop());
    this.name(this.#text(this.#pop()), name);
  }

  name(module: string, own: string): void {
    const full = `${module} ${own}`;
    const name = ALLOWED.find((allowed) => allowed === full);
    if (name === undefined)
      throw this.#fail("must hold numbers, texts and containers only", `a call of ${full.slice(0, 80)}`);
    this.#stack.push({ kind: "name", name });
  }

  remember(index: number): void {
    this.#memo.set(index, this.#top());
  }

  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    const item = this.#memo.get(index);
    if (item === undefined) throw this.#fail("must only refer to what it has held", `entry ${index}`);
    this.#stack.push(item);
  }

  tuple(count: number): void {
    const items = Array.from({ length: count }, () => this.#pop()).toReversed();
    this.#stack.push({ kind: "tuple", items });
  }

  tupleFromMark(): void {
    this.#stack.push({ kind: "tuple", items: this.#popToMark() });
  }

  append(): void {
    const value = this.#valueOf(this.#pop());
    this.#list().push(value);
  }

  appends(): void {
    const values = this.#popToMark().map((item) => this.#valueOf(item));
    const list = this.#list();
    for (const value of values) list.push(value);
  }

  setItem(): void {
    const value = this.#valueOf(this.#pop());
    const key = this.#valueOf(this.#pop());
    this.#mapping().set(key, value);
  }

  setItems(): void {
    const items = this.#popToMark().map((item) => this.#valueOf(item));
    const mapping = this.#mapping();
    for (let index = 0; index + 1 < items.length; index += 2)
      mapping.set(items[index] ?? null, items[index + 1] ?? null);
  }

  /** A call: of numpy's dtype, which gives a type, or of its scalar with that type and bytes, which gives a number. */
  reduce(): void {
    const given = this.#pop();
    const called = this.#pop();
    if (called.kind !== "name" || given.kind !== "tuple") throw this.#fail("must call nothing", "a call");
    const [first, second] = given.items;
    if (called.name === "numpy dtype") {
      const code = first === undefined ? null : this.#valueOf(first);
      const type = typeof code === "string" ? code : typeof code;
      if (type !== "f8") throw this.#fail("must hold 64-bit numbers where numpy wrote them", `the type ${type}`);
      this.#stack.push({ kind: "type", state: { isReady: false } });
      return;
    }
    if (first?.kind !== "type" || !first.state.isReady || second?.kind !== "bytes" || second.bytes.length !== 8) {
      throw this.#fail("must hold 64-bit numbers where numpy wrote them", "something else");
    }
    this.push(new DataView(second.bytes.buffer, second.bytes.byteOffset, 8).getFloat64(0, true));
  }

  /** The rest of a type: its order of bytes. */
  build(): void {
    const state = this.#valueOf(this.#pop());
    const type = this.#top();
    const order = isList(state) ? state[1] : undefined;
    if (type.kind !== "type" || order !== "<") throw this.#fail("must hold plain data only", "the state of an object");
    type.state.isReady = true;
  }

  #valueOf(item: Item): PickleValue {
    switch (item.kind) {
      case "value":
        return item.value;
      case "tuple":
        return item.items.map((each) => this.#valueOf(each));
      case "list":
        return item.items;
      case "mapping":
        return item.entries;
      case "bytes":
      case "mark":
      case "name":
      case "type":
        throw this.#fail("must hold numbers, texts and containers only", `a ${item.kind} as a value`);
    }
  }

  #text(item: Item): string {
    const value = this.#valueOf(item);
    if (typeof value !== "string") throw this.#fail("must name what it calls", "no text");
    return value;
  }

  #list(): PickleValue[] {
    const item = this.#top();
    if (item.kind !== "list") throw this.#fail("must add to a list", `a ${item.kind}`);
    return item.items;
  }

  #mapping(): Map<PickleValue, PickleValue> {
    const item = this.#top();
    if (item.kind !== "mapping") throw this.#fail("must add to a mapping", `a ${item.kind}`);
    return item.entries;
  }

  #top(): Item {
    const item = this.#stack.at(-1);
    if (item === undefined) throw this.#fail("must be whole", "an empty stack");
    return item;
  }

  #pop(): Item {
    const item = this.#top();
    this.#stack.pop();
    return item;
  }

  #popToMark(): Item[] {
    const start = this.#stack.findLastIndex(({ kind }) => kind === "mark");
    if (start === -1) throw this.#fail("must be whole", "no mark on the stack");
    return this.#stack.splice(start).slice(1);
  }

  #line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    if (end === -1) throw this.#fail("must be whole", "an end inside a name");
    const text = this.text(end - this.#at);
    this.#at = end + 1;
    return text;
  }

  #u8(): number {
    return this.number(1);
  }

  #take(count: number): Uint8Array {
    const start = this.#advance(count);
    return this.#bytes.subarray(start, start + count);
  }

  #advance(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length) throw this.#fail("must be whole", `an end at byte ${this.#bytes.length}`);
    this.#at = start + count;
    return start;
  }

  #fail(expected: string, got: string): LabError {
    return new LabError("bad_data", `${this.#source}: ${expected}, got ${got} (byte ${this.#at})`);
  }
}

/** What each opcode does (the protocol's own names beside them); what is not here is refused. */
const OPCODES: Readonly<Record<number, (reader: PickleReader) => void>> = {
  0x80: (reader) => reader.skip(1), // PROTO
  0x95: (reader) => reader.skip(8), // FRAME
  0x28: (reader) => reader.pushItem({ kind: "mark" }), // MARK
  0x7d: (reader) => reader.pushItem({ kind: "mapping", entries: new Map() }), // EMPTY_DICT
  0x5d: (reader) => reader.pushItem({ kind: "list", items: [] }), // EMPTY_LIST
  0x29: (reader) => reader.tuple(0), // EMPTY_TUPLE
  0x4e: (reader) => reader.push(null), // NONE
  0x88: (reader) => reader.push(true), // NEWTRUE
  0x89: (reader) => reader.push(false), // NEWFALSE
  0x4b: (reader) => reader.push(reader.number(1)), // BININT1
  0x4d: (reader) => reader.push(reader.number(2)), // BININT2
  0x4a: (reader) => reader.push(reader.int32()), // BININT
  0x8a: (reader) => reader.push(reader.long()), // LONG1
  0x47: (reader) => reader.push(reader.float64()), // BINFLOAT
  0x58: (reader) => reader.push(reader.text(reader.number(4))), // BINUNICODE
  0x8c: (reader) => reader.push(reader.text(reader.number(1))), // SHORT_BINUNICODE
  0x43: (reader) => reader.bytes(reader.number(1)), // SHORT_BINBYTES
  0x71: (reader) => reader.remember(reader.number(1)), // BINPUT
  0x72: (reader) => reader.remember(reader.number(4)), // LONG_BINPUT
  0x94: (reader) => reader.memoize(), // MEMOIZE
  0x68: (reader) => reader.recall(reader.number(1)), // BINGET
  0x6a: (reader) => reader.recall(reader.number(4)), // LONG_BINGET
  0x74: (reader) => reader.tupleFromMark(), // TUPLE
  0x85: (reader) => reader.tuple(1), // TUPLE1
  0x86: (reader) => reader.tuple(2), // TUPLE2
  0x87: (reader) => reader.tuple(3), // TUPLE3
  0x61: (reader) => reader.append(), // APPEND
  0x65: (reader) => reader.appends(), // APPENDS
  0x73: (reader) => reader.setItem(), // SETITEM
  0x75: (reader) => reader.setItems(), // SETITEMS
  0x63: (reader) => reader.global(), // GLOBAL
  0x93: (reader) => reader.nameFromStack(), // STACK_GLOBAL
  0x52: (reader) => reader.reduce(), // REDUCE
  0x62: (reader) => reader.build(), // BUILD
};
