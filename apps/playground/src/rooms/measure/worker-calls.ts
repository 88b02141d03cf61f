import type { WasmInfo } from "@tfblocks/wasm";
import { failureFrom, type Outcome } from "../../compute/outcome.js";
import type { TaskPort } from "../../compute/task.js";
import { type AttentionPoint, type BackendFigures, type GenerationFigures, type ProductPoint, threadCount } from "./figures.js";
import { openModel } from "../../models/open-models.js";
import type { ReadingInput } from "../../reading/reading-input.js";
import { headDim, heads, measureAttention } from "./measure-attention.js";
import { generationOf } from "./measure-generation.js";
import { measureProduct } from "./measure-product.js";

const lengths = [64, 128, 256, 512, 1024, 2048];
const sizes = [128, 256, 512, 1024];

/** The URL of the script of this worker, with which the page starts others of its kind. */
export function address(): string {
  return location.href;
}

/** Measures attention over several lengths, and products; undefined after a cancel. For a worker that does nothing else. */
export async function measureBackend(info: WasmInfo, port: TaskPort): Promise<BackendFigures | undefined> {
  const total = lengths.length + sizes.length;
  const threads = threadCount(info.threads.got);
  const attention: AttentionPoint[] = [];
  for (const [index, length] of lengths.entries()) {
    if (!(await port.step(`Attention over ${length} tokens, ${threads}`, index, total))) return undefined;
    const point = measureAttention(length, attention.at(-1));
    if (point.fused !== null || point.composed !== null) attention.push(point);
  }
  const products: ProductPoint[] = [];
  for (const [index, size] of sizes.entries()) {
    if (!(await port.step(`Product of ${size} × ${size} matrices, ${threads}`, lengths.length + index, total))) return undefined;
    const point = measureProduct(size, products.at(-1));
    if (point !== undefined) products.push(point);
  }
  return { info, heads, headDim, attention, products };
}

/** Measures writing with the chosen model, without edits; undefined after a cancel. */
export async function measureGeneration(
  { model, text }: ReadingInput,
  modelsUrl: string,
  port: TaskPort,
): Promise<Outcome<GenerationFigures> | undefined> {
  try {
    const figures = await generationOf(await openModel(model, modelsUrl), text, port);
    return figures && { ok: true, result: figures };
  } catch (error) {
    return { ok: false, failure: failureFrom(error, "model") };
  }
}
