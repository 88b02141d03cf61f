import type { RoomProps } from "../room.js";
import type { BlockName } from "./block-names.js";

/** The properties of a block's view: those of the room, the current block, and a function that chooses another one. */
export interface BlockProps extends RoomProps {
  readonly block: BlockName;
  readonly choose: (block: BlockName) => void;
}
