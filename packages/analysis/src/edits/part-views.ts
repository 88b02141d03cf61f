import { Tensor } from "@tensorflow/tfjs-core";
import { type Block, borrowed, scope } from "@tfblocks/tensor-utils";

/** A part of a model, whatever it takes and returns. */
export type AnyBlock = Block<unknown[], unknown>;

/** A view of a block whose first input is changed, and every other input that is the same tensor. */
export function withInput(block: AnyBlock, change: (x: Tensor) => Tensor): AnyBlock {
  return overridden(
    block,
    (method) =>
      (...inputs) =>
        scope(() => {
          const changed = change(inputs[0] as Tensor);
          return method(...inputs.map((each) => (each === inputs[0] ? changed : each)));
        }),
  );
}

/** A view of a block whose output is changed; of a result with several tensors, its `output`. */
export function withOutput(block: AnyBlock, change: (x: Tensor) => Tensor): AnyBlock {
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

/** An attention is called by `attend`, in place of `apply`, when its keys are cached. */
function overridden(block: AnyBlock, change: (method: Method) => Method): AnyBlock {
  return borrowed(block, (inner) => {
    const { attend } = inner as AnyBlock & { readonly attend?: Method };
    const apply = change((...inputs) => inner.apply(...inputs));
    return { apply, ...(typeof attend === "function" && { attend: change(attend) }) };
  });
}
