import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { RoomFrame } from "../room-frame.js";
import type { RoomProps } from "../room.js";
import { AttentionPanel } from "./attention-panel.js";
import { GenerationPanel } from "./generation-panel.js";
import { MachinePanel } from "./machine-panel.js";
import { MeasureControls } from "./measure-controls.js";
import { ProductsPanel } from "./products-panel.js";
import { measureState } from "./state.js";

/** How fast this machine is, and why. */
export function MeasureRoom({ compute, workspace, saveLink, linkTo }: RoomProps): JSX.Element {
  const state = measureState(compute);
  const backend = compute.state.value;
  const figures = state.figures.value;
  useEffect(() => saveLink(new URLSearchParams()), []);
  return (
    <RoomFrame busy={state.busy}>
      <div class="room-intro">
        <h1>Measure this machine</h1>
        <p>
          How long do attention and the products of a model take <em>here</em>, and what makes them faster? The page measures with the same
          code that computes all its pictures. Nothing is sent anywhere.
        </p>
      </div>
      <MeasureControls state={state} input={workspace.input.value} />
      <div class="room-panels measure-panels">
        {backend.phase === "ready" && <MachinePanel info={backend.info} />}
        {figures === undefined ? (
          <p class="empty">The figures of this machine appear here once you measure them.</p>
        ) : (
          <>
            <AttentionPanel figures={figures} />
            <ProductsPanel figures={figures} />
            <GenerationPanel {...{ state, figures, compute, workspace, linkTo }} />
          </>
        )}
      </div>
    </RoomFrame>
  );
}
