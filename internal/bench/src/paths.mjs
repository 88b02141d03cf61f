import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const benchFolder = fileURLToPath(new URL("../", import.meta.url));
export const rootFolder = fileURLToPath(new URL("../../../", import.meta.url));
export const nativeFolder = join(benchFolder, "native");
export const torchRequirements = join(benchFolder, "torch/requirements.txt");
export const torchVersion = /torch==(.+)/.exec(readFileSync(torchRequirements, "utf8"))[1];
export const venvFolder = join(benchFolder, ".venv");
export const venvPython = join(venvFolder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
/** Written once PyTorch was installed and could be imported. */
export const torchStamp = join(venvFolder, `torch-${torchVersion}`);
