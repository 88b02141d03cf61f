import { fail } from "./template-error.js";

/** The name of the function that a `{% generation %}` block calls. */
export const generationCall = "tfblocks_generation";

/** With more blanks in a row than this, the parser's patterns take quadratic time. */
const maxBlanks = 1000;
const maxLength = 1_000_000;

/**
 * A template as transformers reads it, in the form that the parser takes: `trim_blocks` (no newline after a block),
 * `lstrip_blocks` (no blanks before a block that starts a line), one kind of newline, and `{% generation %}` as a call.
 */
export function prepareSource(template: string): string {
  if (template.length > maxLength) fail(`it has more than ${maxLength} characters`);
  if (template.match(/\s+/g)?.some((blanks) => blanks.length > maxBlanks)) fail(`it has more than ${maxBlanks} blanks in a row`);
  const prepared = prepareBlocks(template.replaceAll(/\r\n?/g, "\n").replace(/\n$/, ""));
  return prepared.endsWith("\n") ? `${prepared}\n` : prepared; // the parser takes one away
}

function prepareBlocks(source: string): string {
  let [prepared, at] = ["", 0];
  for (;;) {
    const open = /\{[%#{]/g;
    open.lastIndex = at;
    const start = open.exec(source)?.index ?? -1;
    const end = start < 0 ? -1 : endOf(source, start);
    if (end < 0) return prepared + source.slice(at);
    const isBlock = source[start + 1] !== "{";
    const text = source.slice(at, start);
    prepared += (isBlock ? withoutIndent(text, at === 0 || source[at - 1] === "\n") : text) + generation(source.slice(start, end));
    at = isBlock && source[end] === "\n" ? end + 1 : end;
  }
}

/** Where the block, comment or expression ends that starts there; -1 if it does not. */
function endOf(source: string, start: number): number {
  const kind = source[start + 1]!;
  const close = kind === "{" ? "}}" : `${kind}}`;
  if (kind === "#") return source.indexOf(close, start + 2) < 0 ? -1 : source.indexOf(close, start + 2) + 2;
  let [depth, quote] = [0, ""];
  for (let at = start + 2; at < source.length; at++) {
    const character = source[at]!;
    if (quote) {
      if (character === "\\") at++;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (depth === 0 && source.startsWith(close, at)) return at + 2;
    else if (kind === "{") depth += character === "{" ? 1 : character === "}" ? -1 : 0;
  }
  return -1;
}

function withoutIndent(text: string, startsLine: boolean): string {
  const line = text.lastIndexOf("\n") + 1;
  return (line > 0 || startsLine) && /^[ \t]*$/.test(text.slice(line)) ? text.slice(0, line) : text;
}

function generation(block: string): string {
  return block
    .replace(/^\{%(-?)\s*generation\s*(-?)%\}$/, `{%$1 call ${generationCall}() $2%}`)
    .replace(/^\{%(-?)\s*endgeneration\s*(-?)%\}$/, "{%$1 endcall $2%}");
}
