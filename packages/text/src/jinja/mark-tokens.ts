import { fail } from "./template-error.js";

/** A token of the parser; operators keep theirs in the syntax tree. */
export interface MarkedToken {
  readonly type: string;
  readonly value: string;
  /** A comparison after another, without parentheses: `a < b < c`. */
  isChained?: true;
  /** A `~` after a sum, without parentheses: `a + b ~ c`. */
  followsSum?: true;
}

const openings = new Set(["OpenParen", "OpenSquareBracket", "OpenCurlyBracket"]);
const closings = new Set(["CloseParen", "CloseSquareBracket", "CloseCurlyBracket"]);
const separators = new Set(["Comma", "Colon", "Equals", "OpenStatement", "OpenExpression", "CloseStatement", "CloseExpression"]);
const words = new Set(["and", "or", "not", "if", "else", "for", "is"]);

/**
 * Marks what the syntax tree no longer shows: the parser groups `a < b < c` as `(a < b) < c` and `a + b ~ c` as
 * `(a + b) ~ c`, where Python's Jinja means `a < b and b < c` and `a + (b ~ c)`.
 */
export function markTokens(tokens: readonly MarkedToken[]): void {
  let level = { compared: false, summed: false };
  const around: (typeof level)[] = [];
  for (const [at, token] of tokens.entries()) {
    const isMembership = token.type === "Identifier" && token.value === "in";
    const isNegated = isMembership && tokens[at - 1]?.value === "not" && tokens[at - 1]?.type === "Identifier";
    const continues = isMembership && !isNegated ? true : token.value === "not" && tokens[at + 1]?.value === "in";
    if (openings.has(token.type)) {
      around.push(level);
      level = { compared: false, summed: false };
    } else if (closings.has(token.type)) level = around.pop() ?? level;
    else if (separators.has(token.type)) level = { compared: false, summed: false };
    else if (isMembership || token.type === "ComparisonBinaryOperator") {
      if (level.compared && isNegated) fail('the comparison "not in" after another is not supported; use "and"');
      if (level.compared) token.isChained = true;
      level = { compared: !startsLoop(tokens, at), summed: false };
    } else if (token.type === "AdditiveBinaryOperator") {
      if (token.value !== "~") level.summed = true;
      else if (level.summed) token.followsSum = true;
    } else if (token.type === "Identifier" && words.has(token.value) && !continues) level = { compared: false, summed: false };
    checkNumber(token);
  }
}

/** Whether the `in` is that of `for x in items` or `for x, y in items`. */
function startsLoop(tokens: readonly MarkedToken[], at: number): boolean {
  let start = at - 1;
  while (start > 0 && tokens[start]!.type !== "OpenStatement" && at - start < 40) start--;
  const isTarget = tokens.slice(start + 2, at).every(({ type }) => ["Identifier", "Comma", "OpenParen", "CloseParen"].includes(type));
  return tokens[start]?.type === "OpenStatement" && tokens[start + 1]?.value === "for" && isTarget;
}

function checkNumber({ type, value }: MarkedToken): void {
  if (type !== "NumericLiteral" || value.includes(".") || Number.isSafeInteger(Number(value))) return;
  fail(`the number ${value} is beyond 2^53`);
}
