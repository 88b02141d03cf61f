import type { Budget } from "./budget.js";
import { Callable, isEqual, Loop, Tuple, Undefined, type Value } from "./values.js";
import { fail } from "./template-error.js";

/** The variable `loop` of each turn. Its depth is 1: only recursive loops, which the parser does not know, have more. */
export function loopOf(items: readonly Value[], budget: Budget): (at: number) => Loop {
  const { length } = items;
  let last: Value | undefined;
  const changed = new Callable("changed", (args) => {
    const [before, now] = [last, new Tuple(args)];
    last = now;
    return before === undefined || !isEqual(before, now, budget);
  });
  const neighbour = (at: number, name: string) => items[at] ?? new Undefined(`"${name}" of a loop`);
  const attributes: Readonly<Record<string, (at: number) => Value>> = {
    index: (at) => at + 1,
    index0: (at) => at,
    revindex: (at) => length - at,
    revindex0: (at) => length - at - 1,
    first: (at) => at === 0,
    last: (at) => at === length - 1,
    length: () => length,
    depth: () => 1,
    depth0: () => 0,
    previtem: (at) => neighbour(at - 1, "previtem"),
    nextitem: (at) => neighbour(at + 1, "nextitem"),
    changed: () => changed,
    cycle: (at) => new Callable("cycle", (args) => args[at % args.length] ?? fail("cycle takes one argument or more")),
  };
  return (at) => new Loop((name) => (Object.hasOwn(attributes, name) ? attributes[name]!(at) : undefined));
}
