import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { RoomFrame, Waiting } from "../room-frame.js";
import type { RoomProps } from "../room.js";
import { useAsked } from "../use-asked.js";
import { BoxPanel } from "./box-panel.js";
import { type BoxName, boxNames, boxRows } from "./boxes.js";
import { ChecksPanel } from "./checks-panel.js";
import { CodePanel } from "./code-panel.js";
import { DiagramPanel } from "./diagram-panel.js";
import { LayerControls } from "./layer-controls.js";
import { type LayerSettings, layerLink } from "./settings.js";
import type { LayerState } from "./state.js";

const firstBox: BoxName = "attentionNorm";

/** One whole layer of a transformer, with the tensor behind every box. */
export function LayerRoom({ compute, parameters, note }: RoomProps): JSX.Element {
  const box = useSignal(readBox(parameters));
  const noted = useRef<URLSearchParams | undefined>(undefined);
  const noteAll = (settings: URLSearchParams | undefined): void => {
    if (settings === undefined) return;
    noted.current = settings;
    settings.set("box", box.value);
    note(settings);
  };
  const state = useAsked({ parameters, note: noteAll }, layerLink, async (settings: LayerSettings) =>
    (await compute.calls).layerTrace(settings),
  );
  useEffect(() => noteAll(noted.current), [box.value]);
  useEffect(() => {
    if (parameters.has("box")) box.value = readBox(parameters);
  }, [parameters]);
  return (
    <RoomFrame busy={state.busy}>
      <div class="room-intro">
        <h1>One layer, opened</h1>
        <p>
          A transformer is one layer many times over. Each has two sublayers, attention and a feed-forward network, and each sublayer only{" "}
          <em>adds</em> to the stream that runs past it on the right. Every box opens on the numbers that your text makes there; the weights
          are freshly drawn.
        </p>
      </div>
      <LayerControls state={state} />
      <LayerPanels state={state} box={box.value} choose={(next) => (box.value = next)} />
    </RoomFrame>
  );
}

interface LayerPanelsProps {
  readonly state: LayerState;
  readonly box: BoxName;
  readonly choose: (box: BoxName) => void;
}

function LayerPanels({ state, box, choose }: LayerPanelsProps): JSX.Element {
  const answer = state.answer.value;
  if (answer === undefined) return <Waiting failed={state.failure.value !== undefined} />;
  const shown = boxRows(answer.settings).flat();
  const open = shown.includes(box) ? box : "input";
  return (
    <div class="room-panels">
      <div class="diagram-pair">
        <DiagramPanel settings={answer.settings} open={open} choose={choose} />
        <BoxPanel answer={answer} open={open} />
      </div>
      <ChecksPanel answer={answer} />
      <CodePanel settings={answer.settings} />
    </div>
  );
}

function readBox(parameters: URLSearchParams): BoxName {
  return boxNames.find((name) => name === parameters.get("box")) ?? firstBox;
}
