import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dist } from "./serve.mjs";

/** A copy of the built app, and functions that turn it into the next build. */
export function copyOfBuild() {
  const folder = mkdtempSync(join(tmpdir(), "tfblocks-playground-"));
  cpSync(dist, folder, { recursive: true });
  const worker = join(folder, "service-worker.js");
  const page = join(folder, "index.html");
  const edit = (file, change) => writeFileSync(file, change(readFileSync(file, "utf8")));
  /** Writes a hash of a file where the build writes it. */
  const declare = (path, bytes) => {
    const hash = createHash("sha256").update(bytes).digest("base64");
    edit(worker, (code) => code.replace(new RegExp(`("${path}":")[^"]+`), `$1${hash}`));
  };
  return {
    folder,
    /** The next build: a page with another description. */
    describe(text) {
      edit(page, (html) => html.replace(/(<meta\s+name="description"\s+content=")[^"]*/, `$1${text}`));
      declare("index.html", readFileSync(page));
    },
    /** A build of which a file has not been uploaded yet. */
    promise: (path) => declare(path, "not there yet"),
    removeWorker: () => rmSync(worker),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
