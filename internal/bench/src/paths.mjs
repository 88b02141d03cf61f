import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const benchFolder = fileURLToPath(new URL("../", import.meta.url));
export const rootFolder = fileURLToPath(new URL("../../../", import.meta.url));
export const venvFolder = join(benchFolder, ".venv");
export const venvPython = join(venvFolder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
