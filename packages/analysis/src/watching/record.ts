import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import { type Composite, hold, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import type { Site } from "../edits/sites.js";
import { editSite, withEdits } from "../edits/with-edits.js";

/** The value of a site in each part that its pattern matches: `[batch, positions, columns]` by the name of the part. */
export type SiteValues = Readonly<Record<string, Tensor>>;

/** What {@link record} returns. */
export interface Recording<Result, Name extends string> {
  readonly result: Result;
  /** The values of each site. Pass them to `patch`, or read them. */
  readonly values: Readonly<Record<Name, SiteValues>>;
  /** Frees the values; the result stays. */
  dispose(): void;
}

/**
 * Runs a model and keeps the values of some sites.
 *
 * The model does not change. Only the requested columns and positions are kept. The values are not connected to gradients.
 *
 * @param sites the sites by a name of your choice
 * @param run applies the watched model once and returns what you need; the caller owns the tensors of the result
 * @throws ValueError when a part does not exist, or `run` does not apply each recorded part exactly once
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { headsOf, inputOf, record } from "@tfblocks/analysis/models";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const sites = { heads: headsOf("layers.*.attention"), stream: inputOf("layers.*") };
 * const { result, values } = record(model, sites, (watched) => watched.apply(tensor2d([[1, 2, 3]], [1, 3], "int32")));
 * console.log(result.logits.shape, values.stream["layers.1"]?.shape); // [ 1, 3, 10 ] [ 1, 3, 12 ]
 * ```
 */
export function record<Model extends Composite, Result, Name extends string>(
  model: Model,
  sites: Readonly<Record<Name, Site>>,
  run: (watched: Model) => Result,
): Recording<Result, Name> {
  const names = Object.keys(sites) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, {}])) as Record<Name, Record<string, Tensor>>;
  const edits = names.map((name) => keeping(sites[name], values[name]));
  const free = (): void => dispose(values);
  try {
    const result = scope(() => run(withEdits(model, edits)));
    for (const name of names) if (Object.keys(values[name]).length === 0) refuseUnread(name, sites[name]);
    return { result, values, dispose: free };
  } catch (error) {
    free();
    throw error;
  }
}

/** An edit that changes nothing and keeps the value of a site. */
function keeping(site: Site, values: Record<string, Tensor>) {
  return editSite("record", site, (value, name) => {
    if (Object.hasOwn(values, name)) refuse(ValueError, "record", "run", `to apply "${name}" once`, "a second call");
    values[name] = hold(value);
    return value;
  });
}

function refuseUnread(name: string, { part }: Site): never {
  return refuse(ValueError, "record", "run", `to apply "${part}", whose values are recorded as "${name}"`, "no call");
}
