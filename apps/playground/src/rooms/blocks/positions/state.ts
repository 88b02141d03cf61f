import type { PictureState } from "../../picture-state.js";
import type { PositionPicture } from "./picture.js";
import type { PositionSettings } from "./settings.js";

export type PositionState = PictureState<PositionSettings, PositionPicture>;
