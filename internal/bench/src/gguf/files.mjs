import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../../../scripts/lib/run.mjs";
import { writeGguf } from "./file.mjs";
import { formats } from "./formats.mjs";
import { ggufModel } from "./model.mjs";

/** Counts up when the same sizes get another file. */
const revision = 2;

export const ggufFolder = join(cacheFolder, "bench-gguf");

/** The path of a model's file, which is written when it is first asked for. */
export function ggufFile(spec) {
  const { family, layers, dModel, heads, kvHeads, headDim, hiddenDim, vocabSize, theta, eps } = spec;
  const sizes = [layers, dModel, heads, kvHeads, headDim, hiddenDim, vocabSize, theta, eps].join("-");
  const path = join(ggufFolder, `${family}-${sizes}-${formats[spec.bits].name}-${revision}.gguf`);
  if (existsSync(path)) return path;
  mkdirSync(ggufFolder, { recursive: true });
  const part = `${path}.${process.pid}.part`;
  writeGguf(part, ggufModel(spec));
  renameSync(part, path);
  return path;
}
