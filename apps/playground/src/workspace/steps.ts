/** The parameters of a link, by name. */
type LinkParameters = Readonly<Record<string, string>>;

/** Some parameters as they were before a step, or after it; null for one that was not in the link. */
type Change = Readonly<Record<string, string | null>>;

/** The steps that can be undone and made again, around what is shown. */
export interface Steps {
  /** What each step has changed, as it was before it; the oldest step first. */
  readonly undo: readonly Change[];
  /** What each undone step had changed, as it was after it; the step that comes next first. */
  readonly redo: readonly Change[];
  /** How many steps have led here. */
  readonly count: number;
}

/** What is shown, and the steps around it. */
export interface Timeline extends Steps {
  readonly now: LinkParameters;
}

/** The most steps that can be undone. */
const maxUndo = 50;

export const noSteps: Steps = { undo: [], redo: [], count: 0 };

/** A step to other parameters; what was undone before can no longer be made again. */
export function stepped({ now, undo, count }: Timeline, next: LinkParameters): Timeline {
  return { now: next, undo: [...undo, different(now, next)].slice(-maxUndo), redo: [], count: count + 1 };
}

/** Without the last step; undefined without one. */
export function undone({ now, undo, redo, count }: Timeline): Timeline | undefined {
  const last = undo.at(-1);
  if (last === undefined) return undefined;
  const before = changed(now, last);
  return { now: before, undo: undo.slice(0, -1), redo: [different(now, before), ...redo], count: count - 1 };
}

/** With the last undone step made again; undefined without one. */
export function redone(timeline: Timeline): Timeline | undefined {
  const [next, ...redo] = timeline.redo;
  return next && { ...stepped(timeline, changed(timeline.now, next)), redo };
}

/**
 * The entry that the reader reached by Back or Forward. Redo starts from there if steps were undone or made again.
 *
 * @param passed the parameters that these steps have changed
 */
export function reached(from: Timeline, to: Timeline, passed: readonly string[] = []): Timeline {
  if (from.count === to.count) {
    const isOnTheWay = passed.length > 0 && passed.every((name) => from.now[name] === to.now[name]);
    return isOnTheWay ? { ...to, redo: from.redo } : to;
  }
  const next = from.count > to.count ? undone(from) : redone(from);
  return next === undefined ? to : reached(next, to, [...passed, ...Object.keys(different(from.now, next.now))]);
}

/** The steps without what they have changed of some parameters. */
export function stepsWithout({ undo, redo, count }: Steps, isLeftOut: (name: string) => boolean): Steps {
  const kept = (changes: readonly Change[]): Change[] =>
    changes
      .map((change) => Object.fromEntries(Object.entries(change).filter(([name]) => !isLeftOut(name))))
      .filter((change) => Object.keys(change).length > 0);
  return { undo: kept(undo), redo: kept(redo), count };
}

/** The parameters that differ from those of another link. */
function different(own: LinkParameters, other: LinkParameters): Change {
  const names = new Set([...Object.keys(own), ...Object.keys(other)]);
  return Object.fromEntries([...names].filter((name) => own[name] !== other[name]).map((name) => [name, own[name] ?? null]));
}

function changed(parameters: LinkParameters, change: Change): LinkParameters {
  return Object.fromEntries(Object.entries({ ...parameters, ...change }).filter((entry): entry is [string, string] => entry[1] !== null));
}
