import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Logger, Plugin } from "vite";
import { filesIn } from "./built-files.js";

/** Bytes of all files after gzip, without the trained models. */
const limit = 1_000_000;
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

/** Prints the size of the build, and fails a build that is over the limit. */
export function sizeLimit(): Plugin {
  let logger: Logger;
  return {
    name: "size-limit",
    configResolved(config) {
      ({ logger } = config);
    },
    writeBundle: {
      order: "post",
      sequential: true,
      handler({ dir }) {
        const { code, models } = sizesOf(dir!);
        const size = `${kilobytes(code)} gzipped without models (limit ${kilobytes(limit)}); models ${kilobytes(models)}`;
        if (code > limit) this.error(`the build is over its limit: ${size}`);
        logger.info(`size: ${size}`);
      },
    },
  };
}

function sizesOf(folder: string): { code: number; models: number } {
  const sizes = { code: 0, models: 0 };
  for (const path of filesIn(folder)) {
    sizes[path.startsWith("models/") ? "models" : "code"] += gzipSync(readFileSync(join(folder, path)), { level: 9 }).length;
  }
  return sizes;
}
