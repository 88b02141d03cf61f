import { execFile } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("../../", import.meta.url));
/** A folder where tfjs resolves, and which git ignores. */
const folder = join(root, "node_modules/.programs", String(process.pid));

/** How a program ended, and how long it took. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

/** Bundles the sources of this package into a module that plain Node.js runs; tfjs is not bundled, and gradients are left out. */
export async function bundleForNode(): Promise<void> {
  const bundle = await rolldown({
    input: join(root, "src/index.ts"),
    platform: "node",
    external: /^@tensorflow\//,
    resolve: { conditionNames: ["@tfblocks/source", "import"] },
    plugins: [
      {
        name: "without-gradients",
        resolveId: (specifier) => (specifier.endsWith("/gradients") ? "\0none" : undefined),
        load: (id) => (id === "\0none" ? "export {}" : undefined),
      },
    ],
  });
  await bundle.write({ file: join(folder, "wasm.mjs") });
}

/** Runs a program that may import `setupWasm` from "./wasm.mjs"; one that does not end is killed after 20 s. */
export function runProgram(source: string): Promise<Ended> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `program-${counter++}.mjs`);
  writeFileSync(path, `import { setupWasm } from "./wasm.mjs";\nimport * as tf from "@tensorflow/tfjs-core";\n${source}`);
  const started = performance.now();
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [path], { timeout: 20_000 }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr, milliseconds: performance.now() - started }),
    );
  });
}

let counter = 0;

export function removePrograms(): void {
  rmSync(folder, { recursive: true, force: true });
}
