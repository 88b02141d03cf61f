import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The paths that programs of some names would have on PATH. */
export const onPath = (...names) => (process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));

/** Ubuntu's chromium-browser may be a script that only names a snap, so a program of Linux must prove that it starts. */
export function starts(path) {
  if (!existsSync(path)) return false;
  if (process.platform !== "linux") return true;
  try {
    execFileSync(path, ["--version"], { stdio: "ignore", timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}
