import { attentionRows } from "./attention-rows.js";
import { elementwiseRows } from "./elementwise-rows.js";
import type { FuzzRow } from "./fuzz-case.js";
import { indexRows } from "./index-rows.js";
import { productRows } from "./product-rows.js";
import { reductionRows } from "./reduction-rows.js";

/** Cases of every kernel that the WASM backend's replace or add. */
export const fuzzRows: readonly FuzzRow[] = [...attentionRows, ...elementwiseRows, ...indexRows, ...productRows, ...reductionRows];
