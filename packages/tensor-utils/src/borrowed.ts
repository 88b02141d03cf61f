import type { Block } from "./block.js";

/**
 * A view of a block that does not own it: `dispose` frees nothing. The view has the class, fields, parameters and methods
 * of the block, except for the methods that are overridden.
 *
 * @param overrides methods that replace those of the block
 */
export function borrowed<Kind extends Pick<Block, "dispose">>(block: Kind, overrides: Partial<Kind> = {}): Kind {
  const replaced: Partial<Kind> = { ...overrides, dispose: () => {} };
  const view = new Proxy(block, {
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
  const apply = (...inputs: Inputs): Output => {
    const output = block.apply(...inputs);
    observe({ inputs, output });
    return output;
  };
  return borrowed<Kind>(block, { apply } as Partial<Kind>);
}
