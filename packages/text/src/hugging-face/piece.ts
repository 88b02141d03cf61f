import type { Match } from "./matches.js";

/** A part of the text on its way from the normalizer to the model. */
export interface Piece {
  readonly text: string;
  /** The id of an added token, which no later step changes. */
  readonly id?: number | undefined;
  /** Whether the piece began at the start of the original text when it was cut. */
  readonly isFirst: boolean;
  /** How many code units at the start of the piece come from the first character of the original text. */
  readonly lead: number;
}

/** The pieces between the edges of matches; empty ones are left out. */
export function cut(piece: Piece, matches: readonly Match[]): Piece[] {
  const pieces: Piece[] = [];
  for (const { start, end } of matches) if (end > start) pieces.push(slice(piece, start, end));
  return pieces;
}

export function slice({ text, isFirst, lead }: Piece, start: number, end: number, id?: number): Piece {
  return { text: text.slice(start, end), isFirst: isFirst && start < lead, lead: Math.max(0, lead - start), id };
}

/** A piece with a text before it, which counts as part of its first character. */
export function withPrefix(piece: Piece, prefix: string): Piece {
  return { ...piece, text: prefix + piece.text, lead: piece.lead === 0 ? 0 : piece.lead + prefix.length };
}

/** Splits a piece into pieces, and may change their text. */
export type Splitter = (piece: Piece) => Piece[];
