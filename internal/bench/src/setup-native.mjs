import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, mustRun, npm } from "../../../scripts/lib/run.mjs";
import { say } from "../../../scripts/lib/terminal.mjs";
import { nativeFolder } from "./paths.mjs";

/** The packages with llama.cpp for processors alone; node-llama-cpp would bring those for graphics cards too, of 600 MB. */
const binaries = {
  "linux x64": "linux-x64",
  "linux arm64": "linux-arm64",
  "darwin x64": "mac-x64",
  "darwin arm64": "mac-arm64-metal",
  "win32 x64": "win-x64",
  "win32 arm64": "win-arm64",
};

/** Installs the libraries of `native/package.json`; nothing is compiled, and no script of a package runs. */
export async function setupNative() {
  const platform = `${process.platform} ${process.arch}`;
  if (!(platform in binaries)) throw new Failure(`bench: node-llama-cpp has no binary for ${platform}.`);
  const { dependencies } = JSON.parse(readFileSync(join(nativeFolder, "package.json"), "utf8"));
  const binary = `@node-llama-cpp/${binaries[platform]}@${dependencies["node-llama-cpp"]}`;
  const options = ["--omit=optional", "--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"];
  await mustRun("Installing llama.cpp and ONNX Runtime (400 MB)", npm("install", ...options, binary), { cwd: nativeFolder });
  say("llama.cpp and ONNX Runtime are in internal/bench/native; the rows against them run from now on.");
  return 0;
}
