import { formatNumber, visibleToken } from "../../ui/format.js";
import type { Cell } from "../../ui/heat-map.js";
import type { AttentionPicture } from "./picture.js";
import { readCell, topKeys } from "./read-cell.js";

/** A token and its position, for example “cat” (1). */
function describeToken(token: string, position: number): string {
  return `“${visibleToken(token)}” (${position})`;
}

/** How the scores are scaled: by 1 / √headDim, or by the factor of the model. */
export function describeScale({ scale, headDim }: AttentionPicture): string {
  return Math.abs(scale * Math.sqrt(headDim) - 1) < 1e-6 ? `/ √${headDim}` : `× ${formatNumber(scale)}`;
}

/** A cell in words, for labels and screen readers. */
export function describeCell(picture: AttentionPicture, head: number, cell: Cell): string {
  const reading = readCell(picture, head, cell);
  const pair = `head ${head}: ${describeToken(reading.queryToken, cell.query)} to ${describeToken(reading.keyToken, cell.key)}`;
  return reading.allowed
    ? `${pair}: weight ${formatNumber(reading.weight)}, rank ${reading.rank} of ${reading.allowedKeys}`
    : `${pair}: masked`;
}

/** The strongest keys of a query in words. */
export function describeStrongest(picture: AttentionPicture, head: number, query: number): string {
  const keys = topKeys(picture, head, query, 3);
  if (keys.length === 0) return "This query may not attend to any key.";
  return `Strongest: ${keys.map(({ key, weight }) => `${describeToken(picture.keyTokens[key]!, key)} ${formatNumber(weight)}`).join(", ")}.`;
}
