import { itemOf } from "./attributes.js";
import { bind, type NamedValues, textArgument } from "./arguments.js";
import type { Budget } from "./budget.js";
import { check } from "./checks.js";
import { fail } from "./template-error.js";
import { compare, isEqual, isTrue, itemsOf, Stream, Tuple, typeName, Undefined, type Value } from "./values.js";
import { joinAll } from "./string-methods.js";

export type Filter = (value: Value, args: readonly Value[], named: NamedValues, budget: Budget) => Value;

/** The attribute of an item that a filter names: `"a.b"`, `"a.0"` or a number. */
export function path(item: Value, name: Value, budget: Budget, other?: Value): Value {
  const parts = typeof name === "number" ? [name] : textArgument("attribute", name).split(".");
  return parts.reduce((value: Value, part) => {
    const found = itemOf(value, /^\d+$/.test(String(part)) ? Number(part) : part, budget);
    return found instanceof Undefined && other !== undefined ? other : found;
  }, item);
}

/** The items of a value, each of which takes a step. */
export function spent(value: Value, budget: Budget): readonly Value[] {
  if (typeof value === "string") budget.scan(value.length);
  const items = itemsOf(value);
  budget.spend(items.length);
  return items;
}

/** What is compared to sort or to find repeats: texts in small letters unless case matters. */
const comparable = (value: Value, caseSensitive: Value): Value =>
  typeof value === "string" && !isTrue(caseSensitive) ? value.toLowerCase() : value;

const sort: Filter = (value, args, named, budget) => {
  const given = bind("sort", ["reverse", "case_sensitive", "attribute"], args, named);
  const { reverse = false, case_sensitive: caseSensitive = false, attribute = null } = given;
  if (typeof attribute === "string" && attribute.includes(",")) fail("sort by several attributes is not supported");
  const items = [...spent(value, budget)];
  budget.spend(20 * items.length);
  const keyed = items.map((item) => ({ item, key: comparable(attribute === null ? item : path(item, attribute, budget), caseSensitive) }));
  const sign = isTrue(reverse) ? -1 : 1;
  return keyed.toSorted((one, other) => sign * compare(one.key, other.key, budget)).map(({ item }) => item);
};

const unique: Filter = (value, args, named, budget) => {
  const { case_sensitive: caseSensitive = false, attribute = null } = bind("unique", ["case_sensitive", "attribute"], args, named);
  const seen: Value[] = [];
  const isNew = (item: Value) => {
    const key = comparable(attribute === null ? item : path(item, attribute, budget), caseSensitive);
    if (Array.isArray(key) || key instanceof Map) fail(`unique cannot tell values of ${typeName(key)} apart`);
    budget.spend(seen.length);
    return !seen.some((each) => isEqual(each, key, budget)) && seen.push(key) > 0;
  };
  return new Stream(spent(value, budget).filter(isNew));
};

/** `select`, `reject`: items by a test; `selectattr`, `rejectattr`: by a test of an attribute. */
function selection(filter: string, keeps: boolean, ofAttribute: boolean): Filter {
  return (value, args, named, budget) => {
    bind(filter, [], [], named);
    const [attribute, test, ...others] = ofAttribute ? args : [null, ...args];
    if (attribute === undefined) return fail(`${filter} takes the name of an attribute`);
    const passes = (item: Value) => {
      const tested = ofAttribute ? path(item, attribute, budget) : item;
      return test === undefined ? isTrue(tested) : check(textArgument(filter, test), tested, others, budget);
    };
    return new Stream(spent(value, budget).filter((item) => passes(item) === keeps));
  };
}

const join: Filter = (value, args, named, budget) => {
  const { d = "", attribute = null } = bind("join", ["d", "attribute"], args, named);
  const items = spent(value, budget);
  return joinAll(attribute === null ? items : items.map((item) => path(item, attribute, budget)), textArgument("join", d), budget);
};

const dictsort: Filter = (value, args, named, budget) => {
  const given = bind("dictsort", ["case_sensitive", "by", "reverse"], args, named);
  const { case_sensitive: caseSensitive = false, by = "key", reverse = false } = given;
  if (!(value instanceof Map)) return fail(`dictsort takes a dict, got ${typeName(value)}`);
  if (by !== "key" && by !== "value") return fail('dictsort sorts by "key" or "value"');
  const entries = [...value].map((entry) => new Tuple(entry));
  return sort(entries, [reverse, caseSensitive, by === "key" ? 0 : 1], new Map(), budget);
};

function reversed(value: Value, budget: Budget): Value {
  if (typeof value === "string") return Array.from(value).toReversed().join("");
  return new Stream(spent(value, budget).toReversed());
}

const plain =
  (name: string, change: (value: Value, budget: Budget) => Value): Filter =>
  (value, args, named, budget) => {
    bind(name, [], args, named);
    return change(value, budget);
  };

const at = (index: number, items: readonly Value[]): Value => items.at(index) ?? new Undefined("an item of an empty sequence");

export const listFilters: Readonly<Record<string, Filter>> = {
  sort,
  unique,
  join,
  dictsort,
  select: selection("select", true, false),
  reject: selection("reject", false, false),
  selectattr: selection("selectattr", true, true),
  rejectattr: selection("rejectattr", false, true),
  list: plain("list", (value, budget) => [...spent(value, budget)]),
  first: plain("first", (value, budget) => at(0, spent(value, budget))),
  last: plain("last", (value, budget) => (value instanceof Stream ? fail("a generator has no last item") : at(-1, spent(value, budget)))),
  reverse: plain("reverse", reversed),
  items: plain("items", (value) => {
    if (value instanceof Undefined) return new Stream([]);
    if (!(value instanceof Map)) return fail(`items takes a dict, got ${typeName(value)}`);
    return new Stream([...value].map((entry) => new Tuple(entry)));
  }),
};
