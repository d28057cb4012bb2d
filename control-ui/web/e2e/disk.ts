// A small file system of its own, to be filled to the brim. Needs the right to mount.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, rmdir, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** In bytes; the control plane keeps 16 MiB in reserve. */
const SIZE = 48 * 1024 * 1024;

export interface SmallDisk {
  readonly folder: string;
  /** Leaves this many bytes free. */
  fill(left: number): Promise<void>;
  /** Gives the room back. */
  empty(): Promise<void>;
  end(): Promise<void>;
}

/** Null where nobody may mount. */
export async function smallDisk(): Promise<SmallDisk | null> {
  const folder = await mkdtemp(join(tmpdir(), "trafficinator-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", folder]);
  if (mounted.status !== 0) {
    await rmdir(folder);
    return null;
  }
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill: async (left) => {
      const { bavail, bsize } = await statfs(folder);
      await writeFile(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left), 1));
    },
    empty: () => rm(ballast),
    end: async () => {
      spawnSync("umount", ["--lazy", folder]);
      await rmdir(folder).catch(() => undefined);
    },
  };
}
