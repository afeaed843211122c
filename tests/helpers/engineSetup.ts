import { ensureEngine } from "#main/engine/install/ensureEngine.ts";

/** Gets the engine in place once, before the first test process starts, so that no test waits for it or builds it twice. */
export default async function setup(): Promise<void> {
  const { env, native, routes } = await ensureEngine({ log: (line) => process.stderr.write(`engine: ${line}\n`) });
  Object.assign(process.env, env);
  if (native) return;
  process.stderr.write("engine: no native TensorFlow; the tests run on plain JavaScript and take longer. Tried:\n");
  for (const { route, detail } of routes) process.stderr.write(`engine:   ${route}: ${detail}\n`);
}
