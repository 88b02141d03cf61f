import type { JSX } from "preact";
import type { TokenView } from "../../reading/readings.js";
import { csvFile, jsonFile } from "../../exports/export-files.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { formatNumber, visibleToken } from "../../ui/format.js";
import { NoPredictions } from "../../ui/no-predictions.js";
import { Panel } from "../../ui/panel.js";
import { PredictionLine } from "../../ui/prediction-line.js";
import { TemperatureField } from "../../ui/temperature-field.js";
import { Term } from "../../ui/term.js";
import { tone } from "../../ui/theme.js";
import { LiveLine } from "../../ui/live-line.js";
import { savedSubject } from "../../workspace/saved-subject.js";
import { predictedTokens, selectedPosition } from "./positions.js";
import type { ExploreState } from "./state.js";
import type { StateProps } from "./state-props.js";

/** What the model predicts at each position of the text. */
export function PredictionPanel({ state }: StateProps): JSX.Element | null {
  const info = state.info.value;
  if (info === undefined) return null;
  if (info.predicts === "nothing") return <NoPredictions />;
  const isNext = info.predicts === "the next token";
  return (
    <Panel
      id="predictions"
      title={isNext ? "What comes next?" : "What could stand here?"}
      teaches={
        isNext
          ? "After each token, the model gives every token of its vocabulary a probability of being the next one. A tick marks the one that really follows."
          : "At each position, the model gives every token of its vocabulary a probability of standing there. Write a mask token to ask for a missing one."
      }
      question={
        isNext
          ? "Where is the model sure, and where does it guess? Change an earlier token: which predictions change?"
          : "Replace a word by the mask token. Is the old word among the likeliest?"
      }
    >
      <Predictions state={state} predicts={info.predicts} />
    </Panel>
  );
}

function Predictions({ state, predicts }: StateProps & { readonly predicts: "the next token" | "masked tokens" }): JSX.Element {
  const { temperature } = state.view.value;
  const answered = state.readings.predictions.answered.value;
  const tokens = predictedTokens(state);
  const setTemperature = (next: number): void => {
    state.look({ temperature: next });
    state.readings.predictions.request({ input: state.workspace.input.value, temperature: next });
  };
  return (
    <>
      <div class="gallery-tools">
        <TemperatureField value={temperature} onChange={setTemperature} />
        <MeanLoss state={state} />
        {answered && <ExportMenu what="the predictions" files={predictionFiles(state, tokens)} />}
      </div>
      <LiveLine live={state.readings.predictions} what="Computing the predictions" />
      {answered && (
        <PredictionLine
          tokens={tokens.map(({ text }) => text)}
          positions={answered.result.positions}
          predicts={predicts}
          selected={selectedPosition(state)}
          onSelect={(position) => state.choosePosition(position)}
          onChoose={({ id }) => state.chooseToken(id)}
        />
      )}
    </>
  );
}

function MeanLoss({ state }: StateProps): JSX.Element | null {
  const loss = state.readings.predictions.answered.value?.result.meanLoss ?? null;
  const info = state.info.value;
  if (loss === null || info === undefined) return null;
  return (
    <p class="mean-loss" id="mean-loss">
      Mean <Term name="loss">loss</Term> <strong>{formatNumber(loss)}</strong>{" "}
      <span class="weight">guessing: {formatNumber(Math.log(info.vocabSize))}</span>
      {state.view.value.temperature !== 1 && <span class="weight"> · at temperature 1</span>}
    </p>
  );
}

function predictionFiles(state: ExploreState, tokens: readonly TokenView[]) {
  const { input, result } = state.readings.predictions.answered.value!;
  const { positions, meanLoss } = result;
  const position = selectedPosition(state);
  const at = `“${visibleToken(tokens[position]?.text ?? "")}” (${position})`;
  const bars = (positions[position]?.top ?? []).map(({ text, probability }) => ({ name: visibleToken(text), value: probability }));
  const pictures = state.exports.picturesOfBars("predictions", bars, {
    title: `Predictions at ${at}`,
    unit: "probability",
    tone: tone.value,
  });
  const lines = positions.flatMap(({ top }, index) =>
    top.map(({ text, probability }, rank) => [index, tokens[index]?.text ?? "", rank + 1, text, probability]),
  );
  return [
    ...pictures,
    jsonFile("predictions", {
      ...savedSubject(state.workspace, input.input),
      temperature: input.temperature,
      tokens,
      positions,
      meanLoss,
    }),
    csvFile("predictions", [["position", "token", "rank", "predicted", "probability"], ...lines]),
  ];
}
