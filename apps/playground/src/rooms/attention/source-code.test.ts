import { ones } from "@tensorflow/tfjs-core";
import * as attentionPackage from "@tfblocks/attention";
import * as masks from "@tfblocks/masks";
import * as utilities from "@tfblocks/tensor-utils";
import { use, allowLeaks } from "@tfblocks/testkit";
import { expect, test } from "vitest";
import { defaultSettings } from "./settings.js";
import { sourceCode } from "./source-code.js";

test.each([{}, { order: "causal" as const, window: true }, { kind: "cross" as const, padding: 2 }])(
  "the code shown runs and returns weights: %o",
  (change) => {
    allowLeaks(); // the block that the shown code makes
    const settings = { ...defaultSettings, dModel: 16, heads: 2, ...change };
    const body = sourceCode(settings, 6).replace(/^import.*$/gm, "");
    const names = ["multiHeadAttention", "Random", "masks", "tokens", "queries", "context"];
    const context = use(ones([1, 6, 16]));
    // oxlint-disable-next-line typescript/no-implied-eval -- the shown code must run
    const run = new Function(...names, `${body}; return { output, weights }`) as (...given: unknown[]) => attentionPackage.AttentionResult;
    const { output, weights } = use(
      run(attentionPackage.multiHeadAttention, utilities.Random, masks, context, use(ones([1, 4, 16])), context),
    );
    expect(weights?.shape).toEqual([1, 2, settings.kind === "cross" ? 4 : 6, 6]);
    expect(output.shape.at(-1)).toBe(16);
  },
);
