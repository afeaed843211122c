/** Moves the clock of this process by `HINAS_TRIAL_CLOCK_MS`; loaded before anything else looks at it. */
const shiftMs = Number(process.env["HINAS_TRIAL_CLOCK_MS"] ?? 0);
const TrueDate = globalThis.Date;

class ShiftedDate extends TrueDate {
  constructor(...args: readonly unknown[]) {
    if (args.length === 0) super(TrueDate.now() + shiftMs);
    else super(...(args as [number]));
  }

  static override now(): number {
    return TrueDate.now() + shiftMs;
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
