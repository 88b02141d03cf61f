import { and, causal, type Mask, padding, prefixLM, slidingWindow } from "@tfblocks/masks";
import { type AttentionSettings, hidesPadding } from "./settings.js";

/**
 * Builds the mask of the settings: the chosen rules, combined with `and`. Undefined if none is chosen.
 *
 * @param keyLength including the padding
 */
export function buildMask(settings: AttentionSettings, keyLength: number): Mask | undefined {
  const rules: Mask[] = [];
  if (settings.order === "causal") rules.push(causal());
  if (settings.order === "prefix") rules.push(prefixLM(settings.prefix));
  if (settings.window) rules.push(slidingWindow({ left: settings.left, right: settings.right }));
  if (hidesPadding(settings)) rules.push(padding({ lengths: [keyLength - settings.padding] }));
  return rules.length > 1 ? and(...rules) : rules[0];
}
