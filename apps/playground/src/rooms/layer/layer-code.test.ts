import * as tf from "@tensorflow/tfjs-core";
import * as attention from "@tfblocks/attention";
import * as feedForward from "@tfblocks/feed-forward";
import * as masks from "@tfblocks/masks";
import * as norm from "@tfblocks/norm";
import * as positional from "@tfblocks/positional";
import { Random } from "@tfblocks/tensor-utils";
import * as transformer from "@tfblocks/transformer";
import { allowLeaks, use } from "@tfblocks/testkit";
import { expect, test } from "vitest";
import { buildLayer } from "./build-layer.js";
import { layerCode } from "./layer-code.js";
import { type LayerSettings, layerLink } from "./settings.js";

const given = { ...attention, ...feedForward, ...masks, ...norm, ...positional, ...transformer, Random, add: tf.add };

test.each<Partial<LayerSettings>>([
  {},
  { residual: "post", norm: "RMSNorm", positions: "none", causal: false },
  { feedForward: "gated", activation: "silu", positions: "rotary" },
])("the code shown builds the same layer: %o", (change) => {
  allowLeaks(); // the blocks that the shown code makes
  const settings = { ...layerLink.defaults, width: 16, heads: 2, ...change };
  const body = layerCode(settings).replace(/^import.*$/gm, "");
  const tokens = use(tf.randomNormal([1, 3, 16], 0, 1, "float32", 5));
  // oxlint-disable-next-line typescript/no-implied-eval -- the shown code must run
  const run = new Function(...Object.keys(given), "tokens", `${body}; return output`) as (...values: unknown[]) => tf.Tensor;
  const output = use(run(...Object.values(given), tokens));
  const built = use(buildLayer(settings, ["a"]));
  const input = settings.positions === "sinusoids" ? use(tf.add(tokens, use(positional.sinusoidal({ length: 3, dModel: 16 })))) : tokens;
  const own = use(built.layer.apply(input)).output;
  expect(Array.from(output.dataSync())).toEqual(Array.from(own.dataSync()));
});
