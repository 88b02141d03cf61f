import { checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import { checkMap, type HeadMap, isAllowed } from "../head-map.js";
import { pictureTokens, type TokenOptions } from "../picture-tokens.js";

const csvOptionNames: OptionNames<TokenOptions> = { rowTokens: true, columnTokens: true };

/**
 * A map as CSV (RFC 4180): a line a cell, `row,column,rowToken,columnToken,weight,allowed`, with a header.
 *
 * The weight of a masked cell is empty and its `allowed` is 0. A token that a spreadsheet would take for a formula begins
 * with an apostrophe.
 *
 * @throws ShapeError when the numbers of weights, mask cells or tokens contradict the sizes of the map
 * @throws ValueError when a weight is not finite, or an option is unknown
 */
export function toCsv(map: HeadMap, options: TokenOptions = {}): string {
  checkOptions("toCsv", options, csvOptionNames);
  checkMap("toCsv", map, "signed");
  const { rows, columns } = pictureTokens("toCsv", map, options);
  const [rowFields, columnFields] = [rows.map(field), columns.map(field)];
  const lines = ["row,column,rowToken,columnToken,weight,allowed"];
  for (let cell = 0; cell < map.rows * map.columns; cell++) {
    const [row, column] = [Math.floor(cell / map.columns), cell % map.columns];
    const weight = isAllowed(map, cell) ? `${map.weights[cell]},1` : ",0";
    lines.push(`${row},${column},${rowFields[row]},${columnFields[column]},${weight}`);
  }
  return `${lines.join("\r\n")}\r\n`;
}

function field(token: string): string {
  const safe = /^[=+\-@\t\r]/.test(token) ? `'${token}` : token;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
