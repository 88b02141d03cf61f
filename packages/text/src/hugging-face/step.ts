/** A step that changes the text before it is split. */
export interface Step {
  readonly apply: (text: string) => string;
  /**
   * How many code units of the result come from the first character of the original text, of which the first `lead` of
   * `text` do. Default: as many as `apply` makes of those, for a step that treats each character alone.
   */
  readonly lead?: (text: string, lead: number) => number;
}

/** The text after all steps. */
export const normalized = (steps: readonly Step[], text: string): string => steps.reduce((result, { apply }) => apply(result), text);

/** How many code units of the normalized text come from the first character of the original text. */
export function normalizedLead(steps: readonly Step[], text: string, lead: number): number {
  let length = lead;
  let current = text;
  for (const step of steps) {
    length = step.lead?.(current, length) ?? step.apply(current.slice(0, length)).length;
    current = step.apply(current);
  }
  return length;
}

/** Each character in lower case by itself: a capital sigma becomes σ at the end of a word too. */
export function lowercase(text: string): string {
  return text.replaceAll("Σ", "σ").toLowerCase();
}
