import type { ComponentChildren, JSX } from "preact";
import { useMemo } from "preact/hooks";
import { LiveResult } from "../../compute/live-result.js";
import type { Outcome } from "../../compute/outcome.js";
import type { Saving } from "../../exports/saving.js";
import { FailureLine } from "../../ui/fields.js";
import { layerName } from "../../ui/head-name.js";
import { callsAbout } from "../../workspace/calls-about.js";
import { type LayerRequest, useLayerRequest } from "../../workspace/chosen-layer.js";
import { LayerChoice } from "../../workspace/layer-choice.js";
import { WorkspaceBar } from "../../workspace/workspace-bar.js";
import { RoomFrame, Waiting } from "../room-frame.js";
import type { RoomCompute } from "../room.js";
import type { BlockProps } from "./block-props.js";
import type { ModelBlock } from "./model-block.js";

/** The functions of the worker for the blocks. */
type BlockCalls = Awaited<RoomCompute["calls"]>["blocks"];

interface ModelFrameProps<Picture> extends Pick<BlockProps, "compute" | "workspace" | "linkTo" | "exports"> {
  readonly ask: (calls: BlockCalls, request: LayerRequest) => Promise<Outcome<ModelBlock<Picture>>>;
  /** The panels of a block. */
  readonly children: (picture: Picture, saving: Saving) => ComponentChildren;
}

/** A block of one layer of the chosen model: the model, the text and the layer to choose, what the block is like, and its panels. */
export function ModelFrame<Picture>({ compute, workspace, linkTo, exports, ask, children }: ModelFrameProps<Picture>): JSX.Element {
  const block = useMemo(
    () =>
      new LiveResult<LayerRequest, ModelBlock<Picture>>(async (request) => {
        const { blocks } = await callsAbout(compute, workspace, request.input);
        return ask(blocks, request);
      }),
    [compute],
  );
  useLayerRequest(workspace, block);
  const answered = block.answered.value;
  const shown = answered?.result;
  const subject = answered === undefined ? "" : `${workspace.info.value?.title}, ${layerName(answered.input.place)}`;
  return (
    <RoomFrame busy={block.busy}>
      <WorkspaceBar compute={compute} workspace={workspace} linkTo={linkTo} />
      <div class="model-block">
        <div class="block-head">
          <LayerChoice workspace={workspace} />
          {shown !== undefined && <p class="block-about">{"absent" in shown ? shown.absent : shown.about}</p>}
          <FailureLine id="block-failure" sentence={block.failure.value?.sentence} />
        </div>
        {shown === undefined && <Waiting failed={block.failure.value !== undefined} />}
        {shown !== undefined && "picture" in shown && (
          <div class="room-panels block-panels">{children(shown.picture, { exports, subject })}</div>
        )}
      </div>
    </RoomFrame>
  );
}
