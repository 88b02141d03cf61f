import type { RoomProps } from "../room.js";
import type { BlockName } from "./block-names.js";

/** What a block's view is given: the room's properties, and how to go to another block. */
export interface BlockProps extends RoomProps {
  readonly block: BlockName;
  readonly choose: (block: BlockName) => void;
}
