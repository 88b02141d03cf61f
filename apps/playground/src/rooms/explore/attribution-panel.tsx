import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { AttributionBars } from "../../ui/attribution-bars.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { formatNumber, visibleToken } from "../../ui/format.js";
import { Panel } from "../../ui/panel.js";
import { Term } from "../../ui/term.js";
import { tone } from "../../ui/theme.js";
import { useSeen } from "../../ui/use-seen.js";
import { LiveLine } from "../../ui/live-line.js";
import { predictedTokens, selectedPosition } from "./positions.js";
import { savedSubject } from "../../workspace/saved-subject.js";
import type { StateProps } from "./state-props.js";

/** What each part of the model adds to the prediction at the selected position. */
export function AttributionPanel({ state }: StateProps): JSX.Element | null {
  const [ref, seen] = useSeen();
  const position = selectedPosition(state);
  const isReady = state.readings.predictions.answered.value?.input.input === state.workspace.input.value;
  useEffect(() => {
    if (seen && isReady && position >= 0) state.explain(position);
  }, [seen, isReady, position, state.tokenId.value, state.workspace.input.value]);
  if (state.info.value?.predicts === "nothing") return null;
  return (
    <div ref={ref} class="explore-attribution">
      <Panel
        id="attribution"
        title="What made this prediction?"
        teaches={
          <>
            The <Term name="logit">logit</Term> of a token is a sum: each <Term name="head">head</Term>, each network and each{" "}
            <Term name="embedding">embedding</Term> adds to it or takes from it. Choose a token of the predictions above to explain another
            one.
          </>
        }
        question="Which head adds most? Look at its map: what does it look at there?"
      >
        <LiveLine live={state.readings.attribution} what="Taking the logit apart" />
        <Attribution state={state} />
      </Panel>
    </div>
  );
}

function Attribution({ state }: StateProps): JSX.Element | null {
  const { value: answered } = state.readings.attribution.answered;
  if (answered === undefined) return null;
  const { input, result: attribution } = answered;
  const { token, position, logit, components } = attribution;
  const at = visibleToken(predictedTokens(state)[position]?.text ?? "");
  const title = `The logit of “${visibleToken(token.text)}” at “${at}” (${position})`;
  const bars = components.map(({ name, value }) => ({ name, value }));
  return (
    <>
      <div class="gallery-tools">
        <p class="prediction-title">
          {title}: <strong>{formatNumber(logit)}</strong>
        </p>
        <ExportMenu
          what="these bars"
          files={state.exports.ofBars(
            "attribution",
            bars,
            { title, unit: "logits", tone: tone.value },
            savedSubject(state.workspace, input.input),
          )}
        />
      </div>
      <AttributionBars attribution={attribution} onChoose={(place) => state.chooseHead(place)} />
    </>
  );
}
