import { attributeOf, itemOf, keyOf } from "./attributes.js";
import { integerArgument } from "./arguments.js";
import type { Budget } from "./budget.js";
import { check } from "./checks.js";
import { applyFilter } from "./filters.js";
import type { CallNode, Identifier, Node } from "./nodes.js";
import { binary, slice } from "./operators.js";
import type { Scope } from "./scope.js";
import { fail } from "./template-error.js";
import { Callable, type Dict, Float, isTrue, itemsOf, numberOf, Tuple, typeName, Undefined, type Value } from "./values.js";

const constants: Readonly<Record<string, Value>> = { true: true, True: true, false: false, False: false, none: null, None: null };

/** Evaluates expressions as Python's Jinja does, where JavaScript would compare, write or convert values differently. */
export class Expressions {
  readonly budget: Budget;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  evaluate(node: Node, scope: Scope): Value {
    this.budget.spend();
    const inner = (each: Node) => this.evaluate(each, scope);
    switch (node.type) {
      case "StringLiteral":
      case "IntegerLiteral":
        return node.value;
      case "FloatLiteral":
        return new Float(node.value);
      case "ArrayLiteral":
        return node.value.map(inner);
      case "TupleLiteral":
        return new Tuple(node.value.map(inner));
      case "ObjectLiteral":
        return new Map([...node.value].map(([key, value]) => [keyOf(inner(key)), inner(value)])) satisfies Dict;
      case "Identifier":
        return Object.hasOwn(constants, node.value) ? constants[node.value]! : scope.get(node.value);
      case "MemberExpression":
        return this.#member(node, scope);
      case "CallExpression":
        return this.call(node, scope);
      case "FilterExpression":
        return this.filter(inner(node.operand), node.filter, scope);
      case "TestExpression":
        return check(node.test.value, inner(node.operand), [], this.budget) !== node.negate;
      case "UnaryExpression":
        return unary(node.operator.value, inner(node.argument));
      case "BinaryExpression":
        return this.#binary(node, scope);
      case "Ternary":
        return inner(isTrue(inner(node.condition)) ? node.trueExpr : node.falseExpr);
      case "SelectExpression":
        return isTrue(inner(node.test)) ? inner(node.lhs) : new Undefined("the value of an if without else");
      default:
        return fail(`${node.type} is not supported here`);
    }
  }

  /** The arguments of a call: those by position, then those by name. */
  args(nodes: readonly Node[], scope: Scope): [Value[], Map<string, Value>] {
    const [positional, named]: [Value[], Map<string, Value>] = [[], new Map()];
    const name = (key: string, value: Value) => (named.has(key) ? fail(`the argument "${key}" is given twice`) : named.set(key, value));
    for (const node of nodes) {
      if (node.type === "KeywordArgumentExpression") name(node.key.value, this.evaluate(node.value, scope));
      else if (node.type === "SpreadExpression") for (const item of itemsOf(this.evaluate(node.argument, scope))) positional.push(item);
      else if (node.type !== "KeywordSpreadExpression") positional.push(this.evaluate(node, scope));
      else {
        const value = this.evaluate(node.argument, scope);
        if (!(value instanceof Map)) return fail(`** takes a dict, got ${typeName(value)}`);
        for (const [key, each] of value) name(String(key), each);
      }
    }
    return [positional, named];
  }

  call(node: CallNode, scope: Scope): Value {
    const callee = this.evaluate(node.callee, scope);
    const [args, named] = this.args(node.args, scope);
    if (callee instanceof Undefined) return fail(`${callee.what} is undefined`);
    return callee instanceof Callable ? callee.call(args, named) : fail(`${typeName(callee)} cannot be called`);
  }

  filter(value: Value, filter: Identifier | CallNode, scope: Scope): Value {
    if (filter.type === "Identifier") return applyFilter(filter.value, value, [], new Map(), this.budget);
    if (filter.callee.type !== "Identifier") return fail("a filter must be a name");
    return applyFilter(filter.callee.value, value, ...this.args(filter.args, scope), this.budget);
  }

  #member(node: Node & { type: "MemberExpression" }, scope: Scope): Value {
    const value = this.evaluate(node.object, scope);
    const { property } = node;
    if (property.type === "SliceExpression") return this.#slice(value, property, scope);
    if (node.computed) return itemOf(value, this.evaluate(property, scope), this.budget);
    if (property.type === "IntegerLiteral") return itemOf(value, property.value, this.budget);
    return property.type === "Identifier" ? attributeOf(value, property.value, this.budget) : fail("an attribute must be a name");
  }

  #slice(value: Value, node: Node & { type: "SliceExpression" }, scope: Scope): Value {
    const index = (each: Node | undefined) => {
      const at = each && this.evaluate(each, scope);
      return at === undefined || at === null ? null : integerArgument("a slice", at);
    };
    const [start, stop, step] = [index(node.start), index(node.stop), index(node.step) ?? 1];
    if (value instanceof Undefined) return fail(`${value.what} is undefined`);
    if (typeof value !== "string" && !Array.isArray(value) && !(value instanceof Tuple)) return fail(`${typeName(value)} has no slices`);
    const items = itemsOf(value);
    this.budget.spend(items.length);
    const taken = slice(items, start, stop, step);
    if (typeof value === "string") return (taken as string[]).join("");
    return Array.isArray(value) ? taken : new Tuple(taken);
  }

  #binary(node: Node & { type: "BinaryExpression" }, scope: Scope): Value {
    const operator = node.operator.value;
    const left = this.evaluate(node.left, scope);
    if (operator === "and") return isTrue(left) ? this.evaluate(node.right, scope) : left;
    if (operator === "or") return isTrue(left) ? left : this.evaluate(node.right, scope);
    if (node.operator.isChained && node.left.type === "BinaryExpression") {
      const middle = isTrue(left) ? this.evaluate(node.left.right, scope) : undefined;
      return middle === undefined ? left : binary(operator, middle, this.evaluate(node.right, scope), this.budget);
    }
    if (node.operator.followsSum && typeof left !== "string") return fail('"~" after "+" or "-" needs parentheses, unless both add text');
    return binary(operator, left, this.evaluate(node.right, scope), this.budget);
  }
}

function unary(operator: string, value: Value): Value {
  if (operator === "not") return !isTrue(value);
  const number = numberOf(value);
  if (number === undefined || (operator !== "-" && operator !== "+")) return fail(`"${operator}" of ${typeName(value)} is not supported`);
  const signed = operator === "-" ? -number : number;
  return value instanceof Float ? new Float(signed) : signed + 0; // an int has no -0
}
