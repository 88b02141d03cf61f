import { type HeadName, headLabel, type Spread } from "@tfblocks/analysis/models";
import { type Column, fixed } from "@tfblocks/command-line";

/** A title after an empty line. */
export function section(title: string): string[] {
  return ["", title];
}

/** Columns of numbers. */
export function numbers(...titles: string[]): Column[] {
  return titles.map((title) => ({ title, align: "right" }));
}

/** The columns of {@link spreadCells}. */
export const spreadColumns: readonly Column[] = numbers("random heads", "sd", "draws");

/** What ablations of random heads give: mean, standard deviation and number. */
export function spreadCells(spread: Spread | null): string[] {
  return [fixed(spread?.mean ?? null), fixed(spread?.standardDeviation ?? null), fixed(spread?.draws ?? 0, 0)];
}

/** Heads as they are shown, for example `"L1·H0 L1·H2"`. */
export function headNames(heads: readonly HeadName[]): string {
  return heads.length === 0 ? "none" : heads.map(headLabel).join(" ");
}
