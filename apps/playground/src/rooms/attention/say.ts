import { formatNumber, visibleToken } from "../../ui/format.js";
import type { AttentionPicture } from "./picture.js";
import { readCell, topKeys } from "./read-cell.js";
import type { Cell } from "./view.js";

/** A token with its place, as “cat” (1). */
function sayToken(token: string, position: number): string {
  return `“${visibleToken(token)}” (${position})`;
}

/** The factor of the scores: divided by √headDim, or by a model's own number. */
export function sayScale({ scale, headDim }: AttentionPicture): string {
  return Math.abs(scale * Math.sqrt(headDim) - 1) < 1e-6 ? `/ √${headDim}` : `× ${formatNumber(scale)}`;
}

/** A cell in words, for labels and for the ear. */
export function sayCell(picture: AttentionPicture, head: number, cell: Cell): string {
  const reading = readCell(picture, head, cell);
  const pair = `head ${head}: ${sayToken(reading.queryToken, cell.query)} to ${sayToken(reading.keyToken, cell.key)}`;
  return reading.allowed
    ? `${pair}: weight ${formatNumber(reading.weight)}, rank ${reading.rank} of ${reading.allowedKeys}`
    : `${pair}: masked`;
}

/** The strongest keys of a query in words. */
export function sayStrongest(picture: AttentionPicture, head: number, query: number): string {
  const keys = topKeys(picture, head, query, 3);
  if (keys.length === 0) return "This query may attend to nothing.";
  return `Strongest: ${keys.map(({ key, weight }) => `${sayToken(picture.keyTokens[key]!, key)} ${formatNumber(weight)}`).join(", ")}.`;
}
