const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const asciiRun = /[ -~]*/y;

/** How many code units are segmented at once: the engine takes quadratic time for a long text. */
const usualSpan = 256;

/** The extended grapheme clusters of a text: characters with their marks, emoji sequences and so on. Source: Unicode, UAX #29. */
export function clusters(text: string): string[] {
  const result: string[] = [];
  let span = usualSpan;
  for (let at = 0; at < text.length;) {
    asciiRun.lastIndex = at;
    const run = asciiRun.exec(text)![0].length;
    // The last letter of a run may take a mark that follows.
    const alone = at + run === text.length ? run : Math.max(0, run - 1);
    for (let end = at + alone; at < end; at++) result.push(text[at]!);
    if (at === text.length) break;
    const part = text.slice(at, at + span);
    const found = Array.from(segmenter.segment(part), ({ segment }) => segment);
    const isEnd = at + part.length >= text.length;
    if (!isEnd) found.pop(); // may go on after the part
    span = found.length === 0 ? 2 * span : usualSpan;
    for (const cluster of found) {
      result.push(cluster);
      at += cluster.length;
    }
  }
  return result;
}
