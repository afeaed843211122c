import { spawnSync } from "node:child_process";

/** Mounts an empty disk of so many kilobytes on a folder; false where this machine or user may not. */
export function mountSmallDisk(folder: string, kilobytes: number): boolean {
  return spawnSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "tmpfs", folder]).status === 0;
}

/** Takes the small disk off the folder again. */
export function unmountSmallDisk(folder: string): void {
  const { status, stderr } = spawnSync("umount", [folder], { encoding: "utf8" });
  if (status !== 0) throw new Error(`umount ${folder}: ${stderr}`);
}
