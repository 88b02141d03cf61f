import { Tensor } from "@tensorflow/tfjs-core";
import { type Block, borrowed, type Composite, replaceParts, scope, walkParts } from "@tfblocks/tensor-utils";
import { changeSite } from "./site-values.js";
import type { Site } from "./sites.js";

/** A change of a model. Make one with `ablate`, `patch`, `steer`, `scale` or `freezeAttention`. */
export interface Edit {
  /** The name of the operation that made the edit, for error messages. */
  readonly operation: string;
  readonly part: string;
  /** A view of a part that computes something else. `name` is its name, `owner` the block that contains it. */
  readonly view: (block: AnyBlock, name: string, owner: unknown) => AnyBlock;
}

/** A part of a model, whatever it takes and returns. */
export type AnyBlock = Block<unknown[], unknown>;

/**
 * A model with edits. They apply in order, and each sees what the earlier ones compute. The model itself does not change; the
 * new one shares all its parameters, and disposing it frees nothing. Everything stays differentiable.
 *
 * @throws ValueError when a part does not exist; the message names the nearest parts
 */
export function withEdits<Model extends Composite>(model: Model, edits: readonly Edit[]): Model {
  return edits.reduce((edited, { part, view }) => {
    const owners = ownersOf(edited);
    return replaceParts<Model, AnyBlock>(edited, part, (block, name) => view(block, name, owners(name)));
  }, model);
}

/** An edit that changes the value of a site. @param change maps `[batch, positions, columns]`; `name` is the name of the part */
export function editSite(operation: string, site: Site, change: (value: Tensor, name: string) => Tensor): Edit {
  const view: Edit["view"] = (block, name, owner) => {
    const changed = (x: Tensor) => changeSite(operation, site, owner, x, (value) => change(value, name));
    return site.side === "input" ? withInput(block, changed) : withOutput(block, changed);
  };
  return { operation, part: site.part, view };
}

/** The block that contains the part of a name. */
function ownersOf(model: Composite): (name: string) => unknown {
  const parts = new Map<string, unknown>([["", model], ...walkParts(model)]);
  return (name) => {
    for (let outer = name; outer !== "";) {
      outer = outer.slice(0, Math.max(0, outer.lastIndexOf(".")));
      if (parts.has(outer)) return parts.get(outer);
    }
    return model;
  };
}

/** A view whose first input is changed. An attention is called by `attend` too, when its keys are cached. */
function withInput(block: AnyBlock, change: (x: Tensor) => Tensor): AnyBlock {
  return overridden(
    block,
    (method) =>
      (first, ...others) =>
        scope(() => method(change(first as Tensor), ...others)),
  );
}

function withOutput(block: AnyBlock, change: (x: Tensor) => Tensor): AnyBlock {
  return overridden(
    block,
    (method) =>
      (...inputs) =>
        scope(() => {
          const result = method(...inputs);
          if (result instanceof Tensor) return change(result);
          const { output, ...others } = result as { readonly output: Tensor };
          return { ...others, output: change(output) };
        }),
  );
}

type Method = (...inputs: unknown[]) => unknown;

function overridden(block: AnyBlock, change: (method: Method) => Method): AnyBlock {
  return borrowed(block, (inner) => {
    const { attend } = inner as AnyBlock & { readonly attend?: Method };
    const apply = change((...inputs) => inner.apply(...inputs));
    return { apply, ...(typeof attend === "function" && { attend: change(attend) }) };
  });
}
