import type { ComponentType, JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { RoomProps } from "../room.js";
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

/** What stands around attention: positions, norms, feed-forward networks. */
export function BlocksRoom({ parameters, note, ...rest }: RoomProps): JSX.Element {
  const [block, setBlock] = useState(() => readBlock(parameters));
  const arrived = useRef(parameters);
  useEffect(() => {
    if (arrived.current !== parameters) setBlock(readBlock(parameters));
    arrived.current = parameters;
  }, [parameters]);
  const View = views[block];
  const noteBlock = (settings: URLSearchParams): void => {
    settings.set("block", block);
    note(settings);
  };
  return <View key={block} {...rest} parameters={parameters} note={noteBlock} block={block} choose={setBlock} />;
}

function readBlock(parameters: URLSearchParams): BlockName {
  return blockNames.find((name) => name === parameters.get("block")) ?? blockNames[0];
}
