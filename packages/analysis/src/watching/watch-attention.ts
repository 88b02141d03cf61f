import { checkInteger, checkOptions, type Composite, type OptionNames, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { checkFunction } from "../checks.js";
import { type Edit, withEdits } from "../edits/with-edits.js";
import { attentionsOf } from "../models/attentions.js";
import { applyRun } from "./apply-run.js";
import { summarizeSync } from "./row-blocks.js";
import { watchView } from "./watch-view.js";
import { type Watched, WatchedAttention } from "./watched-attention.js";
import type { WatchedCall } from "./watched-call.js";

/** Options of {@link watchAttention}. */
export interface WatchOptions {
  /** One or more patterns of attentions, as in `replaceParts`, for example `"decoder.layers.*.crossAttention"`; default every one. */
  readonly attention?: string | readonly string[];
  /** How many keys of each row a summary tells; default 5. */
  readonly topK?: number;
  /**
   * Whether to summarise each attention when it was computed, and keep nothing else; default false. `rows`, `maps`, `weights` and
   * `scores` are then not available. The weights are read synchronously, which stalls a GPU.
   */
  readonly summariesOnly?: boolean;
}

const optionNames: OptionNames<WatchOptions> = { attention: true, topK: true, summariesOnly: "flag" };

const operation = "watchAttention";

/**
 * Runs a model and keeps what is needed to compute rows of its attention weights again. The layers run as they always do, with fused
 * kernels and without weights, so that a long text fits into memory.
 *
 * Memory: for each attention the input of the queries and the projected keys and values, O(length · width) instead of
 * O(length² · heads): 18 MiB for 2048 tokens of width 768. With `summariesOnly`, 4 · (4 + 2 · topK) bytes for each row. Rows are
 * computed in blocks of 4 MiB of weights; with queries, scores and mask, a block takes 35 MiB. To summarise twelve layers of twelve heads
 * over 2048 tokens during the run therefore takes less memory than the feed-forward networks do, and 16 MiB of numbers remain.
 *
 * The rows are those of the model: with its masks, caches, position biases, sinks, learned keys and soft cap, before dropout. If the
 * model is edited, they are those of the edited model.
 *
 * @param run applies the watched model once and returns what you need; the caller owns the tensors of the result
 * @throws ValueError when a pattern matches no attention, `run` returns a promise, calls an attention twice or none at all, an attention
 *   is frozen, or an option is wrong; what was kept is then freed
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { entropy } from "@tfblocks/analysis";
 * import { watchAttention } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const watched = watchAttention(model, (model) => model.apply(tensor2d([[1, 2, 3]], [1, 3], "int32")));
 * console.log(watched.parts); // [ 'layers.0.attention', 'layers.1.attention' ]
 * const scores = entropy(await watched.maps("layers.1.attention"));
 * console.log(scores.perHead.length); // 3
 * watched.dispose();
 * ```
 */
export function watchAttention<Model extends Composite, Result>(
  model: Model,
  run: (watched: Model) => Result,
  options: WatchOptions = {},
): WatchedAttention<Result> {
  const { attention, topK = 5, summariesOnly = false } = checkOptions(operation, options, optionNames);
  checkInteger(operation, "topK", topK, 1, 1000);
  checkFunction(operation, "run", run, "a function that applies the model");
  const isEmpty = Array.isArray(attention) && attention.length === 0;
  if (isEmpty) refuse(ValueError, operation, "attention", "at least one pattern", "an empty list");
  const watched = new Map<string, Watched>();
  const keep = summariesOnly ? (call: WatchedCall) => summarized(call, topK) : (call: WatchedCall) => ({ call });
  try {
    const edited = withEdits(model, [watching(attention ?? namesOf(model), watched, keep)]);
    const result = scope(() => applyRun(operation, edited, run));
    if (watched.size === 0) refuse(ValueError, operation, "run", "a function that calls an attention", "no call");
    return new WatchedAttention(result, watched, topK);
  } catch (error) {
    new WatchedAttention(undefined, watched, topK).dispose();
    throw error;
  }
}

function namesOf(model: Composite): string[] {
  const names = attentionsOf(model).map(({ name }) => name);
  if (names.length === 0) refuse(ValueError, operation, "model", "a model with a MultiHeadAttention", "one without");
  return names;
}

function watching(part: string | readonly string[], watched: Map<string, Watched>, keep: (call: WatchedCall) => Watched): Edit {
  const view: Edit["view"] = (block, name) =>
    watchView(operation, block, name, (call) => {
      if (watched.has(name)) {
        call.dispose();
        refuse(ValueError, operation, "run", `a function that calls "${name}" once`, "a second call", "run the whole text at once");
      }
      watched.set(name, keep(call));
    });
  return { operation, part, place: "computation", view };
}

function summarized(call: WatchedCall, topK: number): Watched {
  try {
    return { summary: summarizeSync(call, topK) };
  } finally {
    call.dispose();
  }
}
