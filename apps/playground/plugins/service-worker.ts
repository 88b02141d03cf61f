import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import type { Plugin } from "vite";
import { filesIn } from "./built-files.js";

const fileName = "service-worker.js";
const source = fileURLToPath(new URL("../src/offline/service-worker/service-worker.ts", import.meta.url));
/** What the development server answers, so that the worker of a build on the same port ends. */
const retired = "registration.unregister();";

/** Builds the service worker. It knows every other file of the build, with its hash, as `buildFiles`. */
export function serviceWorker(): Plugin {
  return {
    name: "service-worker",
    configureServer(server) {
      server.middlewares.use(`/${fileName}`, (_request, response) => {
        response.setHeader("Content-Type", "text/javascript");
        response.end(retired);
      });
    },
    buildStart() {
      if (this.environment.mode === "build") this.emitFile({ type: "chunk", id: source, fileName });
    },
    writeBundle: {
      order: "post",
      sequential: true,
      handler({ dir }) {
        const code = readFileSync(join(dir!, fileName), "utf8");
        if (/^(import|export)\b|[;}]\s*(import|export)\b/.test(code)) this.error("the service worker must be one script");
        writeFileSync(join(dir!, fileName), `const buildFiles=${JSON.stringify(hashesOf(dir!))};${code}`);
      },
    },
  };
}

/** The SHA-256 of each file by its path, in base64 as subresource integrity writes it. */
function hashesOf(folder: string): Record<string, string> {
  const hash = (path: string): string =>
    createHash("sha256")
      .update(readFileSync(join(folder, path)))
      .digest("base64");
  return Object.fromEntries(
    filesIn(folder)
      .filter((path) => path !== fileName)
      .map((path) => [path, hash(path)]),
  );
}
