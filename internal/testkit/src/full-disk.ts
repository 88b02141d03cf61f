import { spawnSync } from "node:child_process";

/** Whether {@link onFullDisk} can be had here: on Linux with util-linux. */
export const canFillDisk = spawnSync("prlimit", ["--version"]).status === 0;

/** Runs a body while the system lets no file of this process grow over so many bytes, as a disk that fills up: EFBIG. */
export async function onFullDisk<Result>(bytes: number, body: () => Promise<Result>): Promise<Result> {
  limitFiles(String(bytes));
  try {
    return await body();
  } finally {
    limitFiles("unlimited");
  }
}

/** Sets the soft limit and leaves the hard one. */
function limitFiles(size: string): void {
  const { status, stderr } = spawnSync("prlimit", ["--pid", String(process.pid), `--fsize=${size}:`], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}
