import type { Answer, Asked } from "../../compute/asked.js";
import type { LayerPicture } from "./picture.js";
import type { LayerSettings } from "./settings.js";

export type LayerState = Asked<LayerSettings, LayerPicture>;
export type LayerAnswer = Answer<LayerSettings, LayerPicture>;
