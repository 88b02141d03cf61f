import type { JSX } from "preact";

interface CostLineProps {
  readonly what: string;
  readonly milliseconds: number;
  readonly liveTensors: number;
}

/** What a picture took, and that nothing of it is left. */
export function CostLine({ what, milliseconds, liveTensors }: CostLineProps): JSX.Element {
  return (
    <p class="hint" id="cost" data-live-tensors={liveTensors}>
      {what} in {milliseconds.toFixed(0)} ms; {liveTensors} tensors left in the worker afterwards.
    </p>
  );
}
