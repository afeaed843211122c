import { join } from "node:path";

import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";

import { type ComputeHost, startComputeHost } from "#main/compute/host.ts";
import type { ComputeListener } from "#main/compute/protocol.ts";

const routes = [{ route: "test", ok: true, detail: "none needed" }];
const opened: ComputeHost[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((host) => host.close()));
});

function start(listener: Partial<ComputeListener> = {}, log: (line: string) => void = () => undefined): ComputeHost {
  const host = startComputeHost({
    engine: { env: { ...process.env, MARK: "from the host" }, routes },
    listener: { onEvent: () => undefined, onSample: () => undefined, onTile: () => undefined, ...listener },
    log,
    entry: join(process.cwd(), "tests/helpers/smallWorker.ts"),
  });
  opened.push(host);
  return host;
}

describe("the compute host", () => {
  it("starts the process with the engine's environment and adds the routes to what it says of itself", async () => {
    const facts = await start().compute.describeEngine();
    expect(facts).toMatchObject({ tensorflowVersion: "from the host", routes });
  });

  it("adds why TensorFlow did not load to the routes", async () => {
    vi.stubEnv("FALLBACK_REASON", "no such library");
    onTestFinished(() => void vi.unstubAllEnvs());
    const facts = await start().compute.describeEngine();
    expect(facts.routes).toEqual([...routes, { route: "loading TensorFlow", ok: false, detail: "no such library" }]);
  });

  it("carries questions there and answers back, and tells of tiles", async () => {
    const tiles: number[][] = [];
    const { compute } = start({ onTile: (done, total) => tiles.push([done, total]) });
    const input = { width: 2, height: 1, channels: 1, file: "in.f32" } as const;
    const output = await compute.denoise(input, "out.f32", { memoryBudgetMb: 64, selfEnsemble: false });
    expect(output).toEqual({ ...input, file: "out.f32" });
    expect(tiles).toEqual([[1, 2]]);
  });

  it("lives on where the process ends while it waits for an answer", async () => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", hear);
    onTestFinished(() => void process.off("unhandledRejection", hear));
    const asked = Promise.withResolvers<undefined>();
    const answer = Promise.withResolvers<undefined>();
    const settle = () => {
      asked.resolve(undefined);
      return answer.promise;
    };
    const host = start({ settle });
    const training = host.compute.train({} as never);
    await asked.promise;
    process.kill(host.getPid() ?? 0, "SIGKILL");
    await expect(training).rejects.toThrow("the compute process ended by itself (SIGKILL");
    answer.resolve(undefined);
    // Rejections that nobody handles are told when all that follows from the answer is done.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  });

  it("hands on all events before the answer that they belong to", async () => {
    const steps: number[] = [];
    const { compute } = start({ onEvent: (event) => "step" in event && steps.push(event.step) });
    await compute.search({} as never);
    expect(steps).toEqual([1, 2, 3]);
  });

  it("hands on sample pictures with every value as it is, in their place among the events", async () => {
    const told: unknown[] = [];
    const { compute } = start({
      onEvent: (event) => "step" in event && told.push(event.step),
      onSample: (sample) => told.push(sample),
    });
    const picture = (value: number) => ({ width: 2, height: 1, channels: 1, data: new Float32Array([value, -0.25]) });
    await compute.search({} as never);
    expect(told).toEqual([
      1,
      2,
      { step: 3, epoch: 1, noisy: picture(1.5), denoised: picture(0.1), clean: picture(0) },
      3,
    ]);
  });

  it("keeps the kind of a LabError across the border", async () => {
    await expect(start().compute.loadNetwork("x", "tensorflow", "cpu")).rejects.toMatchObject({
      name: "LabError",
      kind: "bad_checkpoint",
      message: "checkpoint x: damaged",
    });
  });

  it("gives back a bug as a plain error with the place where it arose", async () => {
    const error: unknown = await start()
      .compute.selfTest()
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toHaveProperty("kind");
    expect(error).toHaveProperty("message", "a bug");
    expect(String((error as Error).stack)).toContain("smallWorker.ts");
  });

  it("rejects the calls of a process that ends by itself, and all later ones", async () => {
    const host = start();
    const training = host.compute.train({} as never);
    const expected = { kind: "engine", message: expect.stringContaining("ended by itself (exit code 7)") as string };
    await Promise.all([
      expect(training).rejects.toMatchObject(expected),
      expect(host.compute.control("stop")).rejects.toMatchObject(expected),
    ]);
    await expect(host.compute.clearPhotos()).rejects.toMatchObject(expected);
    expect(host.getEnd()).toMatchObject(expected);
  });

  it("passes on what the process writes, and quotes it where the process dies", async () => {
    const lines: string[] = [];
    const host = start({}, (line) => lines.push(line));
    await host.compute.control("run");
    await expect(host.compute.control("stop")).rejects.toThrow(/last words:\none line\nand half/);
    expect(lines).toEqual(["one line", "and half"]);
  });

  it("says that a script is missing", async () => {
    const host = startComputeHost({
      engine: { env: process.env, routes },
      listener: { onEvent: () => undefined, onSample: () => undefined, onTile: () => undefined },
      log: () => undefined,
      entry: "/nowhere/worker.ts",
    });
    await expect(host.compute.clearPhotos()).rejects.toMatchObject({ kind: "engine" });
  });

  it("rejects a waiting call as interrupted when it is closed", async () => {
    const host = start();
    await host.compute.clearPhotos();
    const training = expect(host.compute.train({} as never)).rejects.toMatchObject({ kind: "interrupted" });
    await host.close();
    await training;
  });

  it("closes a process that is kept alive by a timer", async () => {
    const host = start();
    await host.compute.control("pause");
    await host.close();
    expect(host.getEnd()).not.toBeNull();
  });

  it("kills a process that does not listen any more", async () => {
    const host = start();
    await host.compute.clearPhotos();
    const busy = expect(host.compute.peakResidentMb()).rejects.toMatchObject({ kind: "interrupted" });
    await host.close();
    await busy;
  });

  it("does not let Ctrl-C end the process, which is for the host to decide", async () => {
    const { compute } = start();
    await compute.addPhoto("weights", {} as never);
    await expect(compute.clearPhotos()).resolves.toBeUndefined();
  });
});
