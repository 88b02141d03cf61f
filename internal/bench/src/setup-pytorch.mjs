import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { Failure, mustRun } from "../../../scripts/lib/run.mjs";
import { say } from "../../../scripts/lib/terminal.mjs";
import { torchRequirements, torchStamp, venvFolder, venvPython } from "./paths.mjs";

/** A virtual environment with the PyTorch of the bench; a second call only checks it. */
export async function setupPyTorch() {
  if (!existsSync(venvPython)) await mustRun("Making a virtual environment", ["-m", "venv", venvFolder], { program: findPython() });
  const install = ["-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off", "-r", torchRequirements];
  await mustRun("Installing PyTorch (6 GB, some minutes)", install, { program: venvPython });
  const version = execFileSync(venvPython, ["-c", "import torch; print(torch.__version__)"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  writeFileSync(torchStamp, "");
  say(`PyTorch ${version.trim()} is in internal/bench/.venv; the rows against it run from now on.`);
  say("FlexAttention also needs a C++ compiler (g++), with which PyTorch compiles it.");
  return 0;
}

/** PyTorch 2.15 has wheels for CPython 3.10 to 3.14. */
function findPython() {
  const suits = "import sys, venv, ensurepip; raise SystemExit(not (3, 10) <= sys.version_info < (3, 15))";
  for (const program of ["python3", "python", "python3.13", "python3.12", "python3.11"]) {
    try {
      execFileSync(program, ["-c", suits], { stdio: "ignore" });
      return program;
    } catch {
      // not there, or of another age
    }
  }
  throw new Failure(
    "bench: PyTorch needs Python 3.10 to 3.14 with venv, and none was found: install one (on Debian: apt-get install python3-venv).",
  );
}
