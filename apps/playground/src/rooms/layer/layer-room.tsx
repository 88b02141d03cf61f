import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ExportFiles } from "../../exports/export-files.js";
import { reveal } from "../../ui/reveal.js";
import { Term } from "../../ui/term.js";
import { type NumberSource, SourceChoice, sourceOf } from "../number-source.js";
import { RoomFrame, Waiting } from "../room-frame.js";
import type { RoomProps } from "../room.js";
import { useFollowedLink } from "../use-followed-link.js";
import { usePictureState } from "../use-picture-state.js";
import { BoxPanel } from "./box-panel.js";
import { boxRows } from "./boxes.js";
import { ChecksPanel } from "./checks-panel.js";
import { CodePanel } from "./code-panel.js";
import { DiagramPanel } from "./diagram-panel.js";
import { LayerControls } from "./layer-controls.js";
import { ModelLayer } from "./model/model-layer.js";
import { type LayerSettings, layerLink } from "./settings.js";
import type { LayerState } from "./state.js";

const firstBox = "attentionNorm";

/** One layer of a transformer: of the chosen model, or one to play with. */
export function LayerRoom({ compute, workspace, parameters, saveLink, linkTo }: RoomProps): JSX.Element {
  const of = useSignal<NumberSource>(sourceOf(parameters));
  const [exports] = useState(() => new ExportFiles(async () => (await compute.calls).exports));
  useFollowedLink(parameters, () => (of.value = sourceOf(parameters)));
  const choose = (source: NumberSource): void => {
    of.value = source;
    saveLink(new URLSearchParams(source === "play" ? { of: source } : {}), "place");
  };
  return (
    <>
      <div class="room room-top">
        <div class="room-intro">
          <h1>Inside one layer</h1>
          <p>
            A transformer is a stack of layers of the same kind. Each layer has two parts, attention and a feed-forward network, and adds
            the output of each to the <Term name="residual">residual stream</Term>. Choose a step to see its numbers for your text.
          </p>
        </div>
        <div class="room-choices">
          <SourceChoice value={of.value} play="a layer to play with" onChange={choose} />
        </div>
      </div>
      {of.value === "model" ? (
        <ModelLayer compute={compute} workspace={workspace} linkTo={linkTo} exports={exports} />
      ) : (
        <PlayLayer compute={compute} exports={exports} parameters={parameters} saveLink={saveLink} />
      )}
    </>
  );
}

interface PlayLayerProps extends Pick<RoomProps, "compute" | "parameters" | "saveLink"> {
  readonly exports: ExportFiles;
}

/** A layer of any form with random weights, with the tensor of every step. */
function PlayLayer({ compute, exports, parameters, saveLink }: PlayLayerProps): JSX.Element {
  const box = useSignal(parameters.get("box") ?? firstBox);
  const saved = useRef<URLSearchParams | undefined>(undefined);
  const saveWithBox = (settings: URLSearchParams | undefined): void => {
    if (settings === undefined) return;
    saved.current = settings;
    settings.set("box", box.value);
    settings.set("of", "play");
    saveLink(settings);
  };
  const state = usePictureState({ parameters, saveLink: saveWithBox }, layerLink, async (settings: LayerSettings) =>
    (await compute.calls).layer.trace(settings),
  );
  const choose = (next: string): void => {
    box.value = next;
    requestAnimationFrame(() => reveal(document.getElementById("box"))); // on a phone it is below the diagram
  };
  useEffect(() => saveWithBox(saved.current), [box.value]);
  useEffect(() => {
    box.value = parameters.get("box") ?? box.value;
  }, [parameters]);
  return (
    <RoomFrame busy={state.busy}>
      <LayerControls state={state} />
      <LayerPanels state={state} exports={exports} box={box.value} choose={choose} />
    </RoomFrame>
  );
}

interface LayerPanelsProps {
  readonly state: LayerState;
  readonly exports: ExportFiles;
  readonly box: string;
  readonly choose: (box: string) => void;
}

function LayerPanels({ state, exports, box, choose }: LayerPanelsProps): JSX.Element {
  const drawn = state.drawn.value;
  if (drawn === undefined) return <Waiting failed={state.failure.value !== undefined} />;
  const boxes = boxRows(drawn.settings).flat();
  const open = boxes.find(({ name }) => name === box) ?? boxes.find(({ name }) => name === "input")!;
  return (
    <div class="room-panels">
      <div class="diagram-pair">
        <DiagramPanel settings={drawn.settings} open={open.name} choose={choose} />
        <BoxPanel picture={drawn.picture} box={open} saving={{ exports, subject: "Layer" }} />
      </div>
      <ChecksPanel drawn={drawn} />
      <CodePanel settings={drawn.settings} />
    </div>
  );
}
