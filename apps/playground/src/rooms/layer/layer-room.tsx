import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { RoomFrame, Waiting } from "../room-frame.js";
import type { RoomProps } from "../room.js";
import { usePictureState } from "../use-picture-state.js";
import { BoxPanel } from "./box-panel.js";
import { boxRows } from "./boxes.js";
import { ChecksPanel } from "./checks-panel.js";
import { CodePanel } from "./code-panel.js";
import { DiagramPanel } from "./diagram-panel.js";
import { LayerControls } from "./layer-controls.js";
import { type LayerSettings, layerLink } from "./settings.js";
import type { LayerState } from "./state.js";

const firstBox = "attentionNorm";

/** One layer of a transformer, with the tensor of every step. */
export function LayerRoom({ compute, parameters, saveLink }: RoomProps): JSX.Element {
  const box = useSignal(parameters.get("box") ?? firstBox);
  const saved = useRef<URLSearchParams | undefined>(undefined);
  const saveWithBox = (settings: URLSearchParams | undefined): void => {
    if (settings === undefined) return;
    saved.current = settings;
    settings.set("box", box.value);
    saveLink(settings);
  };
  const state = usePictureState({ parameters, saveLink: saveWithBox }, layerLink, async (settings: LayerSettings) =>
    (await compute.calls).layer.trace(settings),
  );
  useEffect(() => saveWithBox(saved.current), [box.value]);
  useEffect(() => {
    box.value = parameters.get("box") ?? box.value;
  }, [parameters]);
  return (
    <RoomFrame busy={state.busy}>
      <div class="room-intro">
        <h1>Inside one layer</h1>
        <p>
          A transformer is a stack of layers of the same kind. Each layer has two sublayers, attention and a feed-forward network, and adds
          the output of each to the <em>residual stream</em>. Choose a box to see its numbers for your text. The weights are random.
        </p>
      </div>
      <LayerControls state={state} />
      <LayerPanels state={state} box={box.value} choose={(next) => (box.value = next)} />
    </RoomFrame>
  );
}

interface LayerPanelsProps {
  readonly state: LayerState;
  readonly box: string;
  readonly choose: (box: string) => void;
}

function LayerPanels({ state, box, choose }: LayerPanelsProps): JSX.Element {
  const drawn = state.drawn.value;
  if (drawn === undefined) return <Waiting failed={state.failure.value !== undefined} />;
  const boxes = boxRows(drawn.settings).flat();
  const open = boxes.find(({ name }) => name === box) ?? boxes.find(({ name }) => name === "input")!;
  return (
    <div class="room-panels">
      <div class="diagram-pair">
        <DiagramPanel settings={drawn.settings} open={open.name} choose={choose} />
        <BoxPanel picture={drawn.picture} box={open} />
      </div>
      <ChecksPanel drawn={drawn} />
      <CodePanel settings={drawn.settings} />
    </div>
  );
}
