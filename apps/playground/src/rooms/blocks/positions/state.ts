import type { Answer, Asked } from "../../../compute/asked.js";
import type { PositionPicture } from "./picture.js";
import type { PositionSettings } from "./settings.js";

export type PositionState = Asked<PositionSettings, PositionPicture>;
export type PositionAnswer = Answer<PositionSettings, PositionPicture>;
