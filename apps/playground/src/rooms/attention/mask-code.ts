import { type AttentionSettings, hidesPadding } from "./settings.js";

/** The source code of the mask; undefined if there is none. */
export function maskCode(settings: AttentionSettings, keyLength: number): string | undefined {
  const rules: string[] = [];
  if (settings.order === "causal") rules.push("masks.causal()");
  if (settings.order === "prefix") rules.push(`masks.prefixLM(${settings.prefix})`);
  if (settings.window) rules.push(`masks.slidingWindow({ left: ${settings.left}, right: ${settings.right} })`);
  if (hidesPadding(settings)) rules.push(`masks.padding({ lengths: [${keyLength - settings.padding}] })`);
  return rules.length > 1 ? `masks.and(\n  ${rules.join(",\n  ")},\n)` : rules[0];
}
