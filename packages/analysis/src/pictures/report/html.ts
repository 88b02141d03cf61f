/** Escapes text for HTML, as content and as the value of a quoted attribute. Lone surrogates and NUL become `�`. */
export function escapeHtml(text: string): string {
  return replaceInvalid(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * JSON for a `<script type="application/json">`: nothing in it can end the element or start a comment, and it is the same
 * value to `JSON.parse`.
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Replaces what neither HTML nor XML can contain by `�`: lone surrogates, noncharacters, and controls except tab and line breaks. */
function replaceInvalid(text: string): string {
  return text.replace(/(?![\t\n\r])\p{Cc}|[\p{Cs}\ufffe\uffff]/gu, "\ufffd");
}
