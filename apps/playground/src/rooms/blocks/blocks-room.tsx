import { useSignal } from "@preact/signals";
import type { ComponentType, JSX } from "preact";
import { useState } from "preact/hooks";
import { ExportFiles } from "../../exports/export-files.js";
import { choicesOf, Segmented } from "../../ui/fields.js";
import { type NumberSource, SourceChoice, sourceOf } from "../number-source.js";
import type { RoomProps } from "../room.js";
import { useFollowedLink } from "../use-followed-link.js";
import { BlockIntro } from "./block-intro.js";
import { type BlockName, blockNames, blockTitles } from "./block-names.js";
import type { BlockProps } from "./block-props.js";
import { FeedForwardBlock } from "./feed-forward/feed-forward-block.js";
import { ModelFeedForward } from "./feed-forward/model-feed-forward.js";
import { ModelNorms } from "./norms/model-norms-block.js";
import { NormsBlock } from "./norms/norms-block.js";
import { ModelPositions } from "./positions/model-positions.js";
import { PositionsBlock } from "./positions/positions-block.js";

const views: Record<BlockName, Record<NumberSource, ComponentType<BlockProps>>> = {
  positions: { model: ModelPositions, play: PositionsBlock },
  norms: { model: ModelNorms, play: NormsBlock },
  feedForward: { model: ModelFeedForward, play: FeedForwardBlock },
};

/** The block that is shown, and whose. */
interface Shown {
  readonly block: BlockName;
  readonly of: NumberSource;
}

/** The building blocks around attention: positional encodings, norms and feed-forward networks, of the chosen model or to play with. */
export function BlocksRoom({ parameters, saveLink, ...rest }: RoomProps): JSX.Element {
  const shown = useSignal<Shown>(shownIn(parameters));
  useFollowedLink(parameters, () => (shown.value = shownIn(parameters)));
  const [exports] = useState(() => new ExportFiles(async () => (await rest.compute.calls).exports));
  const { block, of } = shown.value;
  const choose = (patch: Partial<Shown>): void => {
    shown.value = { ...shown.value, ...patch };
    saveLink(linkOf(shown.value), "place");
  };
  const saveBlock = (settings: URLSearchParams): void => saveLink(linkOf({ block, of }, settings));
  const View = views[block][of];
  return (
    <>
      <div class="room room-top">
        <BlockIntro block={block} />
        <div class="room-choices">
          <Segmented
            name="block"
            label="Block"
            value={block}
            choices={choicesOf(blockNames, blockTitles)}
            onChange={(next) => choose({ block: next })}
          />
          <SourceChoice value={of} play="a block to play with" onChange={(next) => choose({ of: next })} />
        </div>
      </div>
      <View key={`${block} ${of}`} {...rest} exports={exports} parameters={parameters} saveLink={saveBlock} />
    </>
  );
}

function shownIn(parameters: URLSearchParams): Shown {
  return { block: blockNames.find((name) => name === parameters.get("block")) ?? blockNames[0], of: sourceOf(parameters) };
}

/** The parameters of a link to a block, with those of its own. */
function linkOf({ block, of }: Shown, own?: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...(own ?? []), ["block", block], ...(of === "play" ? [["of", of]] : [])] as [string, string][]);
}
