import type { Probe } from "@tfblocks/zoo";
import { allowedCells } from "../../compute/allowed-cells.js";
import { floats } from "../../compute/floats.js";
import { readAttention } from "../../models/attention-call.js";
import type { OpenModel } from "../../models/open-model.js";
import type { AttentionSnapshot } from "./session-event.js";

/** The attention of every layer on the example text: cross-attention for an encoder-decoder, otherwise self-attention. */
export function takeSnapshot(opened: OpenModel, probe: Probe, step: number): AttentionSnapshot {
  const { part, layers, heads } = opened.info.parts.at(-1)!;
  const calls = Array.from({ length: layers }, (_, layer) =>
    readAttention(opened, part, layer, { text: probe.text, answer: probe.answer ?? "" }, (call) => {
      const { attention, query, context, mask, bias, queryTokens, keyTokens } = call;
      const { weights } = attention.apply(query, context, context, { mask, bias, needWeights: true });
      return { queryTokens, keyTokens, allowed: allowedCells(mask, queryTokens.length, keyTokens.length), weights: floats(weights) };
    }),
  );
  const { queryTokens, keyTokens, allowed } = calls[0]!;
  return { step, part, queryTokens, keyTokens, allowed, heads, layers: calls.map(({ weights }) => weights) };
}
