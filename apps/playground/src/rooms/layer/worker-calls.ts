import type { Outcome } from "../../compute/outcome.js";
import { attempt, tokensOf } from "../../compute/read-text.js";
import { transferArrays } from "../../compute/transfer-arrays.js";
import type { LayerPicture } from "./picture.js";
import type { LayerSettings } from "./settings.js";
import { traceLayer } from "./trace-layer.js";

/** Computes every tensor of the layer. */
export function trace(settings: LayerSettings): Outcome<LayerPicture> {
  const tokens = tokensOf(settings.text, "text");
  return tokens.ok ? transferArrays(attempt("sizes", () => traceLayer(settings, tokens.result))) : tokens;
}
