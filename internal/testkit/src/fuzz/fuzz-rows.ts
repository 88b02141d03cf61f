import { activationRows } from "./activation-rows.js";
import { attentionRows } from "./attention-rows.js";
import { elementwiseRows } from "./elementwise-rows.js";
import type { FuzzRow } from "./fuzz-case.js";
import { indexRows } from "./index-rows.js";
import { layoutRows } from "./layout-rows.js";
import { normRows } from "./norm-rows.js";
import { productRows } from "./product-rows.js";
import { quantizedRows } from "./quantized-rows.js";
import { reductionRows } from "./reduction-rows.js";
import { trainingRows } from "./training-rows.js";

/** Cases of every kernel that the WASM backend's replace or add. */
export const fuzzRows: readonly FuzzRow[] = [
  ...activationRows,
  ...attentionRows,
  ...elementwiseRows,
  ...indexRows,
  ...layoutRows,
  ...normRows,
  ...productRows,
  ...quantizedRows,
  ...reductionRows,
  ...trainingRows,
];
