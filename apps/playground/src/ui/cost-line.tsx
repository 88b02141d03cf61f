import type { JSX } from "preact";

interface CostLineProps {
  readonly what: string;
  readonly milliseconds: number;
  readonly liveTensors: number;
}

/** The time that a picture took, and the number of tensors left afterwards. */
export function CostLine({ what, milliseconds, liveTensors }: CostLineProps): JSX.Element {
  return (
    <p class="hint" id="cost" data-live-tensors={liveTensors}>
      {what}, computed in {milliseconds.toFixed(0)} ms. Tensors left in the worker: {liveTensors}.
    </p>
  );
}
