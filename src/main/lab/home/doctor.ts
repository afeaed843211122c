import { doctorText, makeDoctorReport } from "#main/engine/doctor/doctorReport.ts";
import { collectSystemFacts } from "#main/engine/doctor/doctorSystem.ts";
import { getCacheFolder } from "#main/engine/install/engineCache.ts";
import { ensureEngine } from "#main/engine/install/ensureEngine.ts";
import { startComputeHost } from "#main/compute/host.ts";
import type { EngineDevice } from "#shared/api/engineDevice.ts";
import type { DoctorReport } from "#shared/api/doctor.ts";

export interface Examination {
  /** The lab's home. */
  readonly home: string;
  /** What the engine is to compute on. */
  readonly device: EngineDevice;
  /** Tries routes to an engine anew that failed before. */
  readonly retry: boolean;
  /** Lets the engine's own installer run, whose downloads carry no checksum. */
  readonly mayUseUnverified: boolean;
  readonly log: (line: string) => void;
  /** Gets each line that the engine writes. */
  readonly logEngine: (line: string) => void;
  /** Another compute process than the lab's own. */
  readonly computeEntry: string | null;
}

/** Starts the engine in a process of its own, lets it test itself, and looks at the machine. */
export async function examineEngine(
  examination: Examination,
): Promise<{ readonly report: DoctorReport; readonly text: string }> {
  const { home, device, retry, mayUseUnverified, log, logEngine, computeEntry } = examination;
  const found = await ensureEngine({ log, device, retry, mayUseUnverified });
  const host = startComputeHost({
    engine: found,
    listener: { onEvent: () => undefined, onSample: () => undefined, onTile: () => undefined },
    log: logEngine,
    ...(computeEntry === null ? {} : { entry: computeEntry }),
  });
  try {
    log("Testing the engine");
    const engine = await host.compute.describeEngine();
    const selfTest = await host.compute.selfTest();
    const system = await collectSystemFacts({ labHome: home, cacheFolder: getCacheFolder(), env: process.env });
    const report = makeDoctorReport(engine, selfTest, system, await host.compute.tryDevices());
    return { report, text: doctorText(report) };
  } finally {
    await host.close();
  }
}
