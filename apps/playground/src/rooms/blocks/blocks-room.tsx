import type { ComponentType, JSX } from "preact";
import { useState } from "preact/hooks";
import type { RoomProps } from "../room.js";
import { useFollowedLink } from "../use-followed-link.js";
import { type BlockName, blockNames } from "./block-names.js";
import type { BlockProps } from "./block-props.js";
import { FeedForwardBlock } from "./feed-forward/feed-forward-block.js";
import { NormsBlock } from "./norms/norms-block.js";
import { PositionsBlock } from "./positions/positions-block.js";

const views: Record<BlockName, ComponentType<BlockProps>> = {
  positions: PositionsBlock,
  norms: NormsBlock,
  feedForward: FeedForwardBlock,
};

/** The building blocks around attention: positional encodings, norms and feed-forward networks. */
export function BlocksRoom({ parameters, saveLink, ...rest }: RoomProps): JSX.Element {
  const [block, setBlock] = useState(() => readBlock(parameters));
  useFollowedLink(parameters, () => setBlock(readBlock(parameters)));
  const View = views[block];
  const saveWithBlock = (settings: URLSearchParams): void => {
    settings.set("block", block);
    saveLink(settings);
  };
  return <View key={block} {...rest} parameters={parameters} saveLink={saveWithBlock} block={block} choose={setBlock} />;
}

function readBlock(parameters: URLSearchParams): BlockName {
  return blockNames.find((name) => name === parameters.get("block")) ?? blockNames[0];
}
