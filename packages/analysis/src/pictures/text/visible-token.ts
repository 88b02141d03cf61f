/**
 * A token with what cannot be seen made visible: `·` for a space, `↵` for a line break, `⇥` for a tab, control pictures
 * such as `␀`, and `�` for a lone surrogate or a character that has no mark of its own, for example a direction override.
 * An empty token is `∅`.
 */
export function visibleToken(token: string): string {
  if (token === "") return "∅";
  if (token === "\u200d") return "\ufffd";
  const shown = token.replace(/[\p{C}\p{Z}]/gu, visibleCharacter);
  // A combining mark at the start would attach itself to whatever stands before the token.
  return /^\p{M}/u.test(shown) ? `◌${shown}` : shown;
}

const marks: Readonly<Record<string, string>> = {
  " ": "·",
  "\n": "↵",
  "\r": "␍",
  "\t": "⇥",
  "\u00a0": "⍽",
  "\u007f": "␡",
  "\u200d": "\u200d",
};

function visibleCharacter(character: string): string {
  const code = character.charCodeAt(0);
  return marks[character] ?? (code < 32 ? String.fromCharCode(0x24_00 + code) : "\ufffd");
}

/**
 * Labels of tokens: visible, and with their index where a token occurs more than once, for example `the#3`.
 *
 * @returns one label for each token; equal tokens have different labels
 */
export function tokenLabels(tokens: readonly string[]): string[] {
  const shown = tokens.map(visibleToken);
  const counts = new Map<string, number>();
  for (const token of shown) counts.set(token, (counts.get(token) ?? 0) + 1);
  return shown.map((token, index) => (counts.get(token)! > 1 ? `${token}#${index}` : token));
}

/** A label cut to a number of characters, with an ellipsis. */
export function clipLabel(label: string, characters: number): string {
  if (label.length <= characters) return label;
  const kept = Array.from(label.slice(0, 2 * characters)).slice(0, characters - 1);
  return `${kept.join("")}…`;
}
