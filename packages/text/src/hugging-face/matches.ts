/** A stretch of a text, and whether a pattern matched it. */
export interface Match {
  readonly start: number;
  readonly end: number;
  readonly isMatch: boolean;
}

/** What becomes of the matches of a pattern: `SplitDelimiterBehavior` of the library. */
export type Behavior = "Removed" | "Isolated" | "MergedWithPrevious" | "MergedWithNext" | "Contiguous";

export const behaviors: readonly Behavior[] = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"];

/**
 * Covers a text with the matches of a pattern and what lies between them. An empty match that follows another match
 * directly is left out, as in the library.
 *
 * @param pattern a regular expression with the flag `g`
 */
export function matchesOf(pattern: RegExp, text: string): Match[] {
  const matches: Match[] = [];
  let covered = 0;
  let lastEnd = -1;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const start = found.index;
    const end = start + found[0].length;
    if (start === end && start === lastEnd) {
      pattern.lastIndex = end + (text.codePointAt(end)! > 0xffff ? 2 : 1);
      continue;
    }
    if (covered < start) matches.push({ start: covered, end: start, isMatch: false });
    matches.push({ start, end, isMatch: true });
    covered = end;
    lastEnd = end;
  }
  if (covered < text.length) matches.push({ start: covered, end: text.length, isMatch: false });
  return matches;
}

/** The stretches that remain, by the behaviour. */
export function arranged(matches: readonly Match[], behavior: Behavior): readonly Match[] {
  if (behavior === "Isolated") return matches;
  if (behavior === "Removed") return matches.filter(({ isMatch }) => !isMatch);
  if (behavior === "Contiguous") return joined(matches, (isMatch, before) => isMatch === before);
  if (behavior === "MergedWithPrevious") return joined(matches, (isMatch, before) => isMatch && !before);
  const joinsNext = joined(matches.toReversed(), (isMatch, before) => isMatch && !before);
  return joinsNext.toReversed();
}

/** Joins a stretch with the one before it where `joins` says so. Before the first one there is none that matches. */
function joined(matches: readonly Match[], joins: (isMatch: boolean, before: boolean) => boolean): Match[] {
  const result: Match[] = [];
  let before = false;
  for (const match of matches) {
    const last = result.at(-1);
    if (last !== undefined && joins(match.isMatch, before)) {
      result[result.length - 1] = { ...last, start: Math.min(last.start, match.start), end: Math.max(last.end, match.end) };
    } else result.push(match);
    before = match.isMatch;
  }
  return result;
}

/** A text with each match replaced by a content. */
export function replaced(text: string, matches: readonly Match[], content: string): string {
  return matches.map(({ start, end, isMatch }) => (isMatch ? content : text.slice(start, end))).join("");
}

/** What matched is between, and what was between matches. */
export const inverted = (matches: readonly Match[]): Match[] => matches.map((match) => ({ ...match, isMatch: !match.isMatch }));

const special = /[\\^$.*+?()[\]{}|/]/g;

/** A regular expression that matches a text literally. */
export const literally = (text: string): RegExp => new RegExp(text.replace(special, "\\$&"), "gv");
