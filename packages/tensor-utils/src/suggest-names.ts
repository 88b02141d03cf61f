import { foreignMeanings, foreignNames } from "./foreign-names.js";

/**
 * What the callers of an operation probably meant by names that it does not know, as clauses of a sentence: the name that
 * another library's name has here, else the known name that differs by at most two letters.
 *
 * @returns clauses that are sure, and guesses
 */
export function suggestNames(unknown: readonly string[], known: readonly string[]): { sure: string[]; guesses: string[] } {
  const alone = unknown.length === 1;
  const found = unknown.map((name) => ({
    name,
    sure: translated(name, known),
    guess: nearestNames(name, known).map((each) => JSON.stringify(each)),
  }));
  const sure = found.flatMap(({ name, sure: clause }) => (clause === undefined ? [] : [clause(alone ? undefined : JSON.stringify(name))]));
  const guesses = found.flatMap(({ name, sure: clause, guess }) => {
    if (clause !== undefined || guess.length === 0) return [];
    return [`did you mean ${guess.join(" or ")}${alone ? "" : ` by ${JSON.stringify(name)}`}?`];
  });
  return { sure, guesses };
}

/** A clause about a foreign name, which is written out unless it is the only one. */
type Clause = (quoted: string | undefined) => string;

function translated(name: string, known: readonly string[]): Clause | undefined {
  const plain = plainName(name);
  const here = known.find((each) => plainName(each) === plain) ?? known.find((each) => foreignTo(each).includes(plain));
  if (here !== undefined) return (quoted = "it") => `${quoted} is called "${here}" here`;
  const meaning = known.map((each) => meaningsOf(each)[plain]).find((each) => each !== undefined);
  return meaning === undefined ? undefined : (quoted) => (quoted === undefined ? meaning : `for ${quoted}, ${meaning}`);
}

function foreignTo(name: string): string[] {
  return Object.hasOwn(foreignNames, name) ? foreignNames[name]!.split(" ") : [];
}

function meaningsOf(name: string): Readonly<Record<string, string | undefined>> {
  return Object.hasOwn(foreignMeanings, name) ? { ...foreignMeanings[name] } : {};
}

function plainName(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}

/** The nearest known names, at most two letters away; one letter from a name of up to four. */
export function nearestNames(name: string, known: readonly string[]): string[] {
  if (name.length > 40) return []; // no typo, and the comparison takes the square of the length
  const distances = known.map((each) => ({ each, distance: editDistance(name, each) }));
  const least = Math.min(...distances.map(({ distance }) => distance));
  const nearby = distances.filter(
    ({ each, distance }) => distance === least && distance <= (Math.min(name.length, each.length) > 4 ? 2 : 1),
  );
  return nearby.map(({ each }) => each);
}

/** The number of letters to insert, delete or replace (Levenshtein), or of neighbours to swap. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? rows[i - 2]![j - 2]! + 1 : Infinity;
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replaced, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
