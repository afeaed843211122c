import type { ChannelAxis, ChannelGroups } from "./channelPadding.ts";
import type { ParameterSpec } from "./parameters.ts";

/** How many channels a filter reads or writes: groups that are padded each by itself, or a plain number never padded. */
export type Channels = ChannelGroups | number;

/** Counts channels without padding. */
export function countChannels(channels: Channels): number {
  return typeof channels === "number" ? channels : channels.groups * channels.channels;
}

/** A `side` x `side` filter `[side, side, input, output]`. */
export function filterSpec(name: string, side: number, input: Channels, output: Channels): ParameterSpec {
  return {
    name,
    shape: [side, side, countChannels(input), countChannels(output)],
    channelAxes: [...channelAxis(2, input), ...channelAxis(3, output)],
    initialisation: { fanIn: side * side * countChannels(input) },
  };
}

/** A filter for each channel by itself, `[side, side, channels, 1]`. */
export function depthwiseSpec(name: string, side: number, channels: Channels): ParameterSpec {
  return {
    name,
    shape: [side, side, countChannels(channels), 1],
    channelAxes: channelAxis(2, channels),
    initialisation: { fanIn: side * side },
  };
}

/** Scale and shift of a batch norm, `[channels]` each. */
export function affineSpecs(prefix: string, channels: Channels): ParameterSpec[] {
  return [vectorSpec(`${prefix}.gamma`, channels, "ones"), vectorSpec(`${prefix}.beta`, channels, "zeros")];
}

/** One number per channel. */
export function vectorSpec(name: string, channels: Channels, initialisation: "ones" | "zeros"): ParameterSpec {
  return { name, shape: [countChannels(channels)], channelAxes: channelAxis(0, channels), initialisation };
}

function channelAxis(axis: number, channels: Channels): ChannelAxis[] {
  return typeof channels === "number" ? [] : [{ axis, ...channels }];
}
