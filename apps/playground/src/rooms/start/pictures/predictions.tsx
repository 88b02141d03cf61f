import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { PredictionLine } from "../../../ui/prediction-line.js";
import type { StepProps } from "../lesson-step.js";
import { restart } from "../steps/starts.js";
import { useRequest } from "../use-request.js";
import { TextLine } from "./text-line.js";

/** What the model predicts at each token of the text. */
export function Predictions(props: StepProps): JSX.Element {
  return (
    <>
      <TextLine {...props} />
      <PredictedText {...props} start={restart} />
    </>
  );
}

/** @param start the position that is read in full at first */
export function PredictedText({ workspace, readings, start }: StepProps & { readonly start: number }): JSX.Element {
  useRequest(workspace, readings.tokens, (input) => input);
  useRequest(workspace, readings.predictions, (input) => input);
  const selected = useSignal(start);
  const answered = readings.predictions.answered.value;
  const tokens = readings.tokens.answered.value?.result.tokens.map(({ text }) => text) ?? [];
  if (answered === undefined || answered.result.positions.length !== tokens.length) return <p class="picture-wait">Computing …</p>;
  return (
    <PredictionLine
      tokens={tokens}
      positions={answered.result.positions}
      predicts="the next token"
      selected={selected.value}
      onSelect={(position) => (selected.value = position)}
    />
  );
}
