import type { Drawn, PictureState } from "../picture-state.js";
import type { LayerPicture } from "./picture.js";
import type { LayerSettings } from "./settings.js";

export type LayerState = PictureState<LayerSettings, LayerPicture>;
export type DrawnLayer = Drawn<LayerSettings, LayerPicture>;
