import type { DrawnPicture, RoomState } from "./room-state.js";

/** What every panel over a drawn picture is given. */
export interface PictureProps {
  readonly state: RoomState;
  readonly picture: DrawnPicture;
}
