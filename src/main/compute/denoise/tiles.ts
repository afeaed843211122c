import type { Photo } from "#shared/image/photo.ts";
import type { Rectangle } from "#shared/image/geometry.ts";
import type { NetworkGraph } from "#shared/space/graph/networkGraph.ts";
import type { Trimming } from "#shared/space/graph/trimming.ts";

import type { TrainedNetwork } from "#main/compute/network/networkFile.ts";

/** A network, the graph that it is trained by, the one that it is used by, and where its tiles are trimmed. */
export interface TiledNetwork {
  readonly network: TrainedNetwork;
  readonly graph: NetworkGraph;
  /** Its norms are biases. */
  readonly folded: NetworkGraph;
  readonly trimming: Trimming;
}

/** A network prepared by some engine to run tile after tile. */
export interface TileRunner {
  /**
   * Runs a tile of the planes that the network reads, in their order. `areas` are where the trimming's areas lie, in pixels
   * of their scale. Returns the output `[height, width, C]`.
   */
  run(planes: readonly Photo[], areas: readonly Rectangle[]): Promise<Float32Array>;
  dispose(): void;
}

/** How an engine prepares a network. */
export interface TileEngine {
  /** What a tile takes by this engine, in terms of what the memory model says. */
  readonly memoryFactor: number;
  openTiles(network: TiledNetwork): TileRunner;
}
