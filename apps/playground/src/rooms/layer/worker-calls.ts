import type { Outcome } from "../../compute/outcome.js";
import { attempt, tokensOf } from "../../compute/read-text.js";
import { send } from "../../compute/send.js";
import type { LayerPicture } from "./picture.js";
import type { LayerSettings } from "./settings.js";
import { traceLayer } from "./trace-layer.js";

/** What the layer room asks of the worker. */
export const layerCalls: {
  layerTrace(settings: LayerSettings): Outcome<LayerPicture>;
} = {
  layerTrace(settings) {
    const tokens = tokensOf(settings.text, "text");
    return tokens.ok ? send(attempt("sizes", () => traceLayer(settings, tokens.result))) : tokens;
  },
};
