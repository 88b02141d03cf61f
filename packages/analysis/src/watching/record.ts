import { dispose, type Tensor } from "@tensorflow/tfjs-core";
import { checkObject, type Composite, describeValue, hold, refuse, scope, ValueError } from "@tfblocks/tensor-utils";
import { checkFunction } from "../checks.js";
import type { SiteValues } from "../edits/site-values.js";
import { isSite, type Site } from "../edits/sites.js";
import { type Edit, editSite, withEdits } from "../edits/with-edits.js";
import { applyRun } from "./apply-run.js";

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
 * @throws ValueError when `sites` are not sites by name, a part does not exist, or `run` returns a promise or does not apply each
 *   recorded part exactly once
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
  checkSites(sites);
  checkFunction("record", "run", run, "a function that applies the model");
  const names = Object.keys(sites) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, {}])) as Record<Name, Record<string, Tensor>>;
  const matched = Object.fromEntries(names.map((name) => [name, new Set<string>()])) as Record<Name, Set<string>>;
  const edits = names.map((name) => keeping(sites[name], values[name], matched[name]));
  const free = (): void => dispose(values);
  try {
    const result = scope(() => applyRun("record", withEdits(model, edits), run));
    for (const name of names) checkRead(name, values[name], matched[name]);
    return { result, values, dispose: free };
  } catch (error) {
    free();
    throw error;
  }
}

/** @throws ValueError when the sites have no names, for example because one site was passed */
function checkSites(sites: Readonly<Record<string, unknown>>): void {
  const hasNames = !Array.isArray(sites) && Object.values(checkObject("record", "sites", sites)).every(isSite);
  if (!hasNames) refuse(ValueError, "record", "sites", "an object of sites by name", describeSites(sites), "pass { name: site }");
}

function describeSites(sites: Readonly<Record<string, unknown>>): string {
  return isSite(sites) ? "a site" : describeValue(sites);
}

/** An edit that changes nothing and keeps the value of a site; it tells which parts match. */
function keeping(site: Site, values: Record<string, Tensor>, matched: Set<string>): Edit {
  const edit = editSite("record", site, (value, name) => {
    if (Object.hasOwn(values, name)) refuse(ValueError, "record", "run", `a function that applies "${name}" once`, "a second call");
    values[name] = hold(value);
    return value;
  });
  const view: Edit["view"] = (block, name, owner) => {
    matched.add(name);
    return edit.view(block, name, owner);
  };
  return { ...edit, view };
}

function checkRead(name: string, values: SiteValues, matched: ReadonlySet<string>): void {
  const unread = [...matched].find((part) => !Object.hasOwn(values, part));
  if (unread === undefined) return;
  refuse(ValueError, "record", "run", `a function that applies "${unread}", whose values are recorded as "${name}"`, "no call");
}
