/** `groups` times `channels` channels, laid side by side; the engine may pad each group by itself. */
export interface ChannelGroups {
  readonly groups: number;
  readonly channels: number;
}

/** How many channels a value has: groups that may be padded each by itself, or a plain number that never is. */
export type Channels = ChannelGroups | number;

/** An axis of a parameter that runs over such groups. */
export interface ChannelAxis extends ChannelGroups {
  readonly axis: number;
}

/** How a parameter starts: ones, zeros, or uniform in plus or minus 1 / sqrt(fanIn). */
export type Initialisation = "ones" | "zeros" | { readonly fanIn: number };

/** One parameter of a network by name. */
export interface ParameterSpec {
  readonly name: string;
  /** Without padding: the shape in which it counts and is saved. */
  readonly shape: readonly number[];
  /** The axes that the engine stores padded. */
  readonly channelAxes: readonly ChannelAxis[];
  readonly initialisation: Initialisation;
}

/** Counts channels without padding. */
export function countChannels(channels: Channels): number {
  return typeof channels === "number" ? channels : channels.groups * channels.channels;
}

/** Counts the numbers in a shape. */
export function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/** Counts the numbers that are learnt. */
export function countParameters(specs: readonly ParameterSpec[]): number {
  return specs.reduce((total, spec) => total + sizeOfShape(spec.shape), 0);
}

/** Describes a `side` x `side` filter `[side, side, input, output]` that starts `gain` times as large as usual; 0 starts at zero. */
export function filterSpec(name: string, side: number, input: Channels, output: Channels, gain = 1): ParameterSpec {
  return {
    name,
    shape: [side, side, countChannels(input), countChannels(output)],
    channelAxes: [...channelAxis(2, input), ...channelAxis(3, output)],
    initialisation: gain === 0 ? "zeros" : { fanIn: (side * side * countChannels(input)) / gain ** 2 },
  };
}

/** Describes a filter for each channel by itself, `[side, side, channels, 1]`, that starts `gain` times as large as usual. */
export function depthwiseSpec(name: string, side: number, channels: Channels, gain = 1): ParameterSpec {
  return {
    name,
    shape: [side, side, countChannels(channels), 1],
    channelAxes: channelAxis(2, channels),
    initialisation: { fanIn: side ** 2 / gain ** 2 },
  };
}

/** Describes scale and shift of a batch norm, `[channels]` each. */
export function affineSpecs(prefix: string, channels: Channels): ParameterSpec[] {
  return [vectorSpec(`${prefix}.gamma`, channels, "ones"), vectorSpec(`${prefix}.beta`, channels, "zeros")];
}

/** Describes one number per channel. */
export function vectorSpec(name: string, channels: Channels, initialisation: "ones" | "zeros"): ParameterSpec {
  return { name, shape: [countChannels(channels)], channelAxes: channelAxis(0, channels), initialisation };
}

function channelAxis(axis: number, channels: Channels): ChannelAxis[] {
  return typeof channels === "number" ? [] : [{ axis, ...channels }];
}
