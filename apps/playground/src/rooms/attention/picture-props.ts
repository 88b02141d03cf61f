import type { AttentionState, DrawnPicture } from "./attention-state.js";

/** The properties of every panel that shows a picture. */
export interface PictureProps {
  readonly state: AttentionState;
  readonly picture: DrawnPicture;
}
