import { describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { HeadMap } from "./head-map.js";
import { tokenLabels } from "./text/visible-token.js";

/** The tokens of a map. */
export interface TokenOptions {
  /** The tokens of the rows, that is of the queries; default their indices. */
  readonly rowTokens?: readonly string[] | undefined;
  /** The tokens of the columns, that is of the keys; default `rowTokens` if their number fits, otherwise indices. */
  readonly columnTokens?: readonly string[] | undefined;
}

/** The tokens of both sides, and their labels. */
export interface PictureTokens {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly rowLabels: readonly string[];
  readonly columnLabels: readonly string[];
}

/** @throws ShapeError when the number of tokens is not that of rows or columns; ValueError when a token is not a string */
export function pictureTokens(operation: string, map: HeadMap, { rowTokens, columnTokens }: TokenOptions): PictureTokens {
  const rows = checked(operation, "rowTokens", rowTokens, map.rows);
  const shared = columnTokens ?? (rowTokens?.length === map.columns ? rowTokens : undefined);
  const columns = checked(operation, "columnTokens", shared, map.columns);
  return { rows, columns, rowLabels: tokenLabels(rows), columnLabels: tokenLabels(columns) };
}

function checked(operation: string, argument: string, tokens: readonly string[] | undefined, count: number): readonly string[] {
  if (tokens === undefined) return Array.from({ length: count }, (_, index) => String(index));
  if (!Array.isArray(tokens)) refuse(ValueError, operation, argument, "an array of strings", describeValue(tokens));
  if (tokens.length !== count) refuse(ShapeError, operation, argument, `${count} tokens`, tokens.length);
  const wrong = tokens.findIndex((token) => typeof token !== "string");
  if (wrong >= 0) refuse(ValueError, operation, `${argument}[${wrong}]`, "a string", describeValue(tokens[wrong]));
  return tokens;
}
