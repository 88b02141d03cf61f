import { slice, Tensor } from "@tensorflow/tfjs-core";
import {
  checkOptions,
  type Composite,
  describeValue,
  type OptionNames,
  refuse,
  scope,
  ShapeError,
  ValueError,
} from "@tfblocks/tensor-utils";
import { patch } from "../edits/patch.js";
import { atPositions, headsOf, inputOf, type Site } from "../edits/sites.js";
import { withEdits } from "../edits/with-edits.js";
import type { SiteValues } from "../edits/site-values.js";
import { record } from "../watching/record.js";
import { attentionsOf } from "../models/attentions.js";
import { layersOf } from "./layers-of.js";
import { readNumbers } from "../read-numbers.js";
import { recordLayers } from "./recorded-layers.js";

/** Two runs of the same model, on texts of the same length. */
export interface PatchRuns<Model> {
  /** Applies the model once to the clean text and returns a number, for example a difference of two logits. */
  readonly clean: (model: Model) => Tensor;
  /** The same for the corrupt text. */
  readonly corrupt: (model: Model) => Tensor;
}

/** One place whose clean value was put into the corrupt run. */
export interface PatchedCell {
  /** In a grid of heads: the head. */
  readonly attention?: string;
  readonly head?: number;
  /** In a grid of positions: the layer before which the stream was patched, and the position. */
  readonly layer?: string;
  readonly position?: number;
  readonly value: number;
  /** (value − corrupt) / (clean − corrupt): 0 = no effect, 1 = the clean result; null if the two runs do not differ. */
  readonly restored: number | null;
}

/** The result of {@link patchGrid}; plain JSON. */
export interface PatchedGrid {
  readonly experiment: "patchGrid";
  readonly version: 1;
  readonly by: "head" | "position";
  /** What the two runs return without a patch. */
  readonly clean: number;
  readonly corrupt: number;
  readonly cells: readonly PatchedCell[];
}

/** Options of {@link patchGrid}. */
export interface PatchGridOptions {
  /** `"head"`: the output of each head, at all positions. `"position"`: the stream before each layer, at each position. Default `"head"`. */
  readonly by?: PatchedGrid["by"];
  /** Called after each patch. May return a promise, so that a page can draw. */
  readonly onProgress?: (done: number, total: number) => void | Promise<void>;
}

const optionNames: OptionNames<PatchGridOptions> = { by: true, onProgress: true };

/**
 * Activation patching: puts one value of the clean run into the corrupt run, in turn for each head or position, and measures
 * how much of the clean result comes back. Source: Meng et al. 2022 (ROME); Wang et al. 2023 (IOI).
 *
 * @throws ShapeError when the two texts have different lengths
 * @throws ValueError when an option is unknown, or a run applies the model more than once or does not return one number
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, slice, tensor2d } from "@tensorflow/tfjs-core";
 * import { patchGrid } from "@tfblocks/analysis/models";
 * import type { LanguageModel } from "@tfblocks/transformer";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 16, dModel: 12, numHeads: 3, numLayers: 2 });
 * const run = (ids: number[]) => (model: LanguageModel) => {
 *   const { logits } = model.apply(tensor2d([ids], [1, 3], "int32"), { lastOnly: true });
 *   return slice(logits, [0, 0, 4], [1, 1, 1]); // the logit of token 4 after the text
 * };
 * const { cells } = await patchGrid(model, { clean: run([1, 2, 3]), corrupt: run([1, 7, 3]) });
 * console.log(cells.length, cells[0]?.restored); // 6, and how much the first head brings back
 * ```
 */
export async function patchGrid<Model extends Composite>(
  model: Model,
  runs: PatchRuns<Model>,
  options: PatchGridOptions = {},
): Promise<PatchedGrid> {
  const { by = "head", onProgress } = checkOptions("patchGrid", options, optionNames);
  if (by !== "head" && by !== "position") refuse(ValueError, "patchGrid", "by", `"head" or "position"`, describeValue(by));
  const watched = by === "head" ? attentionsOf(model).map(({ name }) => headsOf(name)) : layersOf(model).map(inputOf);
  const sites = Object.fromEntries(watched.map((site) => [site.part, site]));
  const run = (each: Model): Tensor => scope(() => runs.corrupt(each));
  const clean = record(model, sites, runs.clean);
  try {
    const cleanResult = await readNumber(clean.result);
    const corrupt = await recordLayers("patchGrid", model, run);
    try {
      const ends = { clean: cleanResult, corrupt: await readNumber(corrupt.result) };
      for (const [part, values] of Object.entries(clean.values)) checkLengths(values[part]!.shape[1]!, corrupt.lengthOf(part));
      const patches = by === "head" ? headPatches(model, clean.values) : positionPatches(clean.values);
      const patched = ({ cell, site, value }: Patch): Tensor =>
        scope(() => run(withEdits(model, [...corrupt.upTo((cell.attention ?? cell.layer)!), patch(site, value())])));
      const cells: PatchedCell[] = [];
      for (const each of patches) {
        cells.push(toCell(each.cell, await readNumber(patched(each)), ends));
        await onProgress?.(cells.length, patches.length);
      }
      return { experiment: "patchGrid", version: 1, by, ...ends, cells };
    } finally {
      corrupt.dispose();
    }
  } finally {
    clean.dispose();
  }
}

/** A patch to try. `value` makes the tensor inside the scope of the run. */
interface Patch {
  readonly cell: Omit<PatchedCell, "value" | "restored">;
  readonly site: Site;
  readonly value: () => Tensor;
}

type Recorded = Readonly<Record<string, SiteValues>>;

function headPatches(model: Composite, values: Recorded): Patch[] {
  return attentionsOf(model).flatMap(({ name, attention: { numHeads } }) => {
    const { part } = headsOf(name);
    const all = values[part]![part]!;
    const width = all.shape[2]! / numHeads;
    return Array.from({ length: numHeads }, (_, head) => {
      const value = (): Tensor => slice(all, [0, 0, head * width], [-1, -1, width]);
      return { cell: { attention: name, head }, site: headsOf(name, head), value };
    });
  });
}

function positionPatches(values: Recorded): Patch[] {
  return Object.entries(values).flatMap(([layer, recorded]) => {
    const stream = recorded[layer]!;
    return Array.from({ length: stream.shape[1]! }, (_, position) => {
      const site = atPositions(inputOf(layer), position);
      return { cell: { layer, position }, site, value: () => slice(stream, [0, position, 0], [-1, 1, -1]) };
    });
  });
}

function checkLengths(clean: number, corrupt: number | undefined): void {
  if (corrupt === undefined || clean === corrupt) return;
  const advice = "use texts that differ in some tokens only, so that positions correspond";
  refuse(ShapeError, "patchGrid", "the corrupt text", `as long as the clean one, ${clean} tokens`, `${corrupt} tokens`, advice);
}

function toCell(cell: Patch["cell"], value: number, { clean, corrupt }: Pick<PatchedGrid, "clean" | "corrupt">): PatchedCell {
  return { ...cell, value, restored: clean === corrupt ? null : 0 + (value - corrupt) / (clean - corrupt) }; // not −0
}

async function readNumber(result: Tensor): Promise<number> {
  const numbers = result instanceof Tensor ? await readNumbers(result) : [];
  if (numbers.length === 1) return numbers[0]!;
  const received = result instanceof Tensor ? `${numbers.length} numbers` : describeValue(result);
  return refuse(ValueError, "patchGrid", "the result of a run", "a tensor with one number", received);
}
