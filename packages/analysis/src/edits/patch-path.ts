import { dispose } from "@tensorflow/tfjs-core";
import {
  checkOptions,
  type Composite,
  describeValue,
  type OptionNames,
  refuse,
  scope,
  ValueError,
  walkParts,
} from "@tfblocks/tensor-utils";
import { checkFunction } from "../checks.js";
import { attentionsOf } from "../models/attentions.js";
import { record } from "../watching/record.js";
import { patch } from "./patch.js";
import type { SiteValues } from "./site-values.js";
import { checkSite, headsOf, inputOf, outputOf, type Site } from "./sites.js";
import { type Edit, withEdits } from "./with-edits.js";

/** What {@link patchPath} patches, and between which runs. */
export interface PathOptions<Model, Result> {
  /** Where the other run is patched in, for example `headsOf("layers.0.attention", 3)`. */
  readonly sender: Site | readonly Site[];
  /** What the sender acts on directly, for example `queriesOf("layers.5.attention", 2)`, or `outputOf("head")` for the logits. */
  readonly receiver: Site | readonly Site[];
  /** Applies the whole model once to the input whose result is changed. */
  readonly clean: (model: Model) => Result;
  /** Applies the whole model once to the input that the sender's value comes from, of the same length. */
  readonly corrupt: (model: Model) => unknown;
  /**
   * Whether feed-forward networks between sender and receiver are `"recomputed"`, so that a path may lead through them, or `"frozen"`
   * to the clean run; default `"recomputed"`, as in Wang et al. 2022.
   */
  readonly feedForward?: "recomputed" | "frozen";
}

const optionNames: OptionNames<PathOptions<unknown, unknown>> = {
  sender: true,
  receiver: true,
  clean: true,
  corrupt: true,
  feedForward: true,
};

const operation = "patchPath";

/**
 * Path patching: the result of a clean run in which a receiver sees the sender's value of another run, but only along the direct path
 * from sender to receiver.
 *
 * Three runs: the corrupt one gives the value of the sender. The clean one with the sender patched and the heads of every attention frozen
 * to their clean outputs gives the value of the receiver; norms are recomputed, feed-forward networks by `feedForward`. The clean one
 * with only the receiver patched gives the result. What depends on the sender by other attentions is therefore not part of it.
 *
 * A sender inside an attention, for example its values, acts by the heads of this attention, which are then not frozen.
 *
 * Source: Wang et al. 2022, "Interpretability in the Wild", appendix B; Goldowsky-Dill et al. 2023, "Localizing Model Behavior with Path
 * Patching".
 *
 * @returns what `clean` returns; the caller owns its tensors
 * @throws ShapeError when the two inputs have different lengths; ValueError when a part does not exist, or an option is wrong
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { headsOf, patchPath, queriesOf } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const [clean, corrupt] = [tensor2d([[1, 2, 3]], [1, 3], "int32"), tensor2d([[1, 4, 3]], [1, 3], "int32")];
 * const { logits } = patchPath(model, {
 *   sender: headsOf("layers.0.attention", 2),
 *   receiver: queriesOf("layers.1.attention", 0),
 *   clean: (edited) => edited.apply(clean),
 *   corrupt: (edited) => edited.apply(corrupt),
 * });
 * console.log(logits.shape); // [ 1, 3, 10 ]
 * ```
 */
export function patchPath<Model extends Composite, Result>(model: Model, options: PathOptions<Model, Result>): Result {
  const { clean, corrupt, feedForward = "recomputed", ...ends } = checkOptions<PathOptions<Model, Result>>(operation, options, optionNames);
  if (!["recomputed", "frozen"].includes(feedForward)) {
    refuse(ValueError, operation, "feedForward", '"recomputed" or "frozen"', describeValue(feedForward));
  }
  checkFunction(operation, "clean", clean, "a function that applies the model");
  checkFunction(operation, "corrupt", corrupt, "a function that applies the model");
  const [senders, receivers] = [[ends.sender].flat(), [ends.receiver].flat()];
  for (const site of [...senders, ...receivers]) checkSite(operation, site);
  const frozen = [...headSites(model, senders), ...(feedForward === "frozen" ? feedForwardSites(model, senders) : [])];
  const recorded: SiteValues[] = [];
  const patches = (sites: readonly Site[], of: Model, run: (model: Model) => unknown): Edit[] => {
    const { values } = record(of, named(sites), (watched) => scope(() => void run(watched)));
    recorded.push(...Object.values(values));
    return sites.map((site, index) => patch(site, values[index]!));
  };
  try {
    return scope(() => {
      const direct = [...patches(frozen, model, clean), ...patches(senders, model, corrupt)];
      return clean(withEdits(model, patches(receivers, withEdits(model, direct), clean)));
    });
  } finally {
    dispose(recorded);
  }
}

function named(sites: readonly Site[]): Record<number, Site> {
  return Object.fromEntries(sites.map((site, index) => [index, site]));
}

/** The heads of every attention, except those of an attention that a sender is inside. */
function headSites(model: Composite, senders: readonly Site[]): Site[] {
  const names = attentionsOf(model).map(({ name }) => name);
  return names.filter((name) => !isInside(senders, name, "output")).map((name) => headsOf(name));
}

/** The hidden activations of every feed-forward network, or the output of one without a `down` projection. */
function feedForwardSites(model: Composite, senders: readonly Site[]): Site[] {
  const names = walkParts(model).map(([name]) => name);
  const networks = names.filter((name) => /(^|\.)feedForward$/.test(name) && !isInside(senders, name, "down"));
  return networks.map((name) => (names.includes(`${name}.down`) ? inputOf(`${name}.down`) : outputOf(name)));
}

/** Whether a sender is inside a part, before the projection that the part is frozen at. */
function isInside(senders: readonly Site[], name: string, projection: string): boolean {
  const length = name.split(".").length;
  return senders.some(({ part }) => {
    const words = part.split(".");
    const isPrefix = name.split(".").every((word, index) => words[index] === "*" || words[index] === word);
    return isPrefix && words.length > length && words[length] !== projection;
  });
}
