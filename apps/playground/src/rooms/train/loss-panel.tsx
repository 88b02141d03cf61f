import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { formatNumber } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import { Term } from "../../ui/term.js";
import { labelMarks, lossLines, overfitSince } from "./loss-lines.js";
import type { RunState } from "./run-state.js";
import { SharedPlot } from "./shared-plot.js";
import type { TrainView } from "./train-view.js";

/** The loss by step, beside that of guessing, with flags where heads got a label. */
export function LossPanel({ view }: { readonly view: TrainView }): JSX.Element {
  const { value: shown } = view.shown;
  const numbers = shown.flatMap(({ losses, records, events }) => [losses.value, records.value, events.value]);
  const lines = useMemo(() => lossLines(shown), [shown, ...numbers]);
  const marks = useMemo(() => labelMarks(shown), [shown, ...numbers]);
  return (
    <Panel
      id="loss"
      title="Loss"
      teaches={
        <>
          How surprised the model is by the right token, in <Term name="nat">nats</Term>: 0 means certain. A sudden fall after a plateau
          often means that a <Term name="head">head</Term> has learned a new pattern; the flags show when.
        </>
      }
      question="Does the loss fall before a head gets its label, or after? Train again with another seed: is it the same step?"
    >
      <SharedPlot view={view} name="loss" label="Loss by step" yName="loss (nats)" lines={lines} marks={marks} />
      {shown[0] !== undefined && <GuessNote run={shown[0]} />}
      {shown[0] !== undefined && <OverfitNote run={shown[0]} />}
    </Panel>
  );
}

function OverfitNote({ run }: { readonly run: RunState }): JSX.Element | null {
  const since = overfitSince(run.losses.value, run.records.value);
  if (since === undefined) return null;
  return (
    <p class="hint">
      Since step {since} the loss of held-out examples rises while the training loss falls: the model learns its examples by heart. A longer
      text, a smaller model or fewer steps prevent that.
    </p>
  );
}

/** What the lines of guessing mean, and what a loss above them does. */
function GuessNote({ run }: { readonly run: RunState }): JSX.Element {
  const { uniformLoss, frequencyLoss, vocabSize } = run.run.value.about;
  const first = run.records.value[0]?.heldOutLoss ?? Number.NaN;
  const last = run.losses.value.at(-1)?.loss ?? 0;
  return (
    <>
      <p class="hint">
        Giving all {vocabSize} tokens the same probability costs ln {vocabSize} = {formatNumber(uniformLoss)}; giving each its frequency
        costs {formatNumber(frequencyLoss)}. Before the first step this model has {formatNumber(first)}
        {first > 1.1 * uniformLoss
          ? ": with its first, random weights it is sure of wrong tokens, which costs more than guessing."
          : ": it guesses."}
      </p>
      {last > 2 * Math.max(first, uniformLoss) && (
        <p class="failure">The loss is far above where it began: the learning rate is too high. Stop, and train again with a lower one.</p>
      )}
    </>
  );
}
