import { type Block, namedParts } from "./block.js";
import { addedParts } from "./ownership.js";
import { hasParts } from "./walk-parts.js";

/**
 * A view of a block that does not own it: `dispose` frees nothing. The view has the class, fields, parameters and methods
 * of the block, except for the methods that are overridden. If `replaceParts` replaces a part inside the view, the block is
 * made again, and its methods are overridden again.
 *
 * @param override makes the methods that replace those of the block
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { mul, ones, setBackend, type Tensor } from "@tensorflow/tfjs-core";
 * import { borrowed, Linear } from "@tfblocks/tensor-utils";
 *
 * await setBackend("cpu");
 * const linear = new Linear({ inFeatures: 3, outFeatures: 2 });
 * const doubled = borrowed(linear, (block) => ({ apply: (x: Tensor) => mul(block.apply(x), 2) }));
 * console.log(doubled.apply(ones([1, 3])).shape); // [ 1, 2 ]
 * ```
 */
export function borrowed<Kind extends Pick<Block, "dispose">>(block: Kind, override: (block: Kind) => Partial<Kind> = () => ({})): Kind {
  const overrides = override(block);
  const remake = (changed: Readonly<Record<string, unknown>>) => borrowed((block as Kind & Remade<Kind>).remake(changed), override);
  const dispose = (): void => disposeAdded(block, addedParts.get(view));
  const replaced: Partial<Kind> = { ...overrides, dispose, ...("remake" in block && { remake }) };
  const view: Kind = new Proxy(block, {
    get(target, name) {
      if (Object.hasOwn(replaced, name)) return replaced[name as keyof Kind];
      const value: unknown = Reflect.get(target, name, target);
      const isMethod = typeof value === "function" && name !== "constructor" && !Object.hasOwn(target, name);
      return isMethod ? value.bind(target) : value;
    },
  });
  overridden.set(view, [...overriddenMethods(block), ...Object.keys(overrides)]);
  return view;
}

/** A block that `replaceParts` can make again. */
interface Remade<Kind> {
  remake(changed: Readonly<Record<string, unknown>>): Kind;
}

/** Frees what `replaceParts` added inside a view, and nothing else. */
function disposeAdded(block: object, added: ReadonlySet<object> | undefined): void {
  if (added === undefined || !hasParts(block)) return;
  for (const [, part] of namedParts(block.parts())) if (added.has(part)) part.dispose();
}

const overridden = new WeakMap<object, readonly string[]>();

/** The names of the methods that {@link borrowed} or {@link probe} replaced in a view; none of other blocks. */
export function overriddenMethods(block: object): readonly string[] {
  return overridden.get(block) ?? [];
}

/** One call of a block's `apply`. The tensors are borrowed and may be freed after the call; keep one with `hold`. */
export interface ProbedCall<Inputs extends readonly unknown[], Output> {
  readonly inputs: Inputs;
  readonly output: Output;
}

/**
 * A view of a block that reports each call of `apply` to an observer. Like {@link borrowed}, it does not own the block.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, zeros } from "@tensorflow/tfjs-core";
 * import { Linear, probe } from "@tfblocks/tensor-utils";
 *
 * await setBackend("cpu");
 * const linear = new Linear({ inFeatures: 3, outFeatures: 2 });
 * const watched = probe(linear, ({ inputs: [x], output }) => console.log(x.shape, output.shape));
 * watched.apply(zeros([1, 3])); // [1, 3] [1, 2]
 * ```
 */
export function probe<Inputs extends readonly unknown[], Output, Kind extends Block<Inputs, Output>>(
  block: Kind & Block<Inputs, Output>,
  observe: (call: ProbedCall<Inputs, Output>) => void,
): Kind {
  return borrowed<Kind>(block, (inner) => {
    const apply = (...inputs: Inputs): Output => {
      const output = inner.apply(...inputs);
      observe({ inputs, output });
      return output;
    };
    return { apply } as Partial<Kind>;
  });
}
