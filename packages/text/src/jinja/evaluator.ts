import type { Budget } from "./budget.js";
import { Expressions } from "./expressions.js";
import { checkName } from "./globals.js";
import { loopOf } from "./loop.js";
import { macroVariables, type Node } from "./nodes.js";
import { textOf } from "./python-text.js";
import { Scope } from "./scope.js";
import { fail } from "./template-error.js";
import { Callable, isTrue, itemsOf, Namespace, Tuple, typeName, Undefined, type Value } from "./values.js";

/** What a statement writes. A `break` leaves the text before it. */
interface Output {
  text: string;
}

type Jump = "break" | "continue" | undefined;

const maxMacroDepth = 100;

/** Runs the statements of a template. */
export class Evaluator {
  readonly #expressions: Expressions;
  readonly #budget: Budget;
  #macroDepth = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#expressions = new Expressions(budget);
  }

  render(body: readonly Node[], scope: Scope): string {
    const output: Output = { text: "" };
    if (this.#run(body, scope, output)) fail("break and continue are for loops");
    return output.text;
  }

  /** Runs statements until a jump, which it returns. */
  #run(body: readonly Node[], scope: Scope, output: Output): Jump {
    for (const node of body) {
      const jump = this.#statement(node, scope, output);
      if (jump) return jump;
    }
    return undefined;
  }

  #statement(node: Node, scope: Scope, output: Output): Jump {
    switch (node.type) {
      case "Comment":
        return undefined;
      case "Break":
        return "break";
      case "Continue":
        return "continue";
      case "If":
        this.#budget.spend();
        return this.#run(isTrue(this.#expressions.evaluate(node.test, scope)) ? node.body : node.alternate, scope, output);
      case "For":
        return this.#loop(node, scope, output);
      case "Set":
        this.#set(node, scope);
        return undefined;
      case "Macro":
        scope.variables.set(node.name.value, this.#macro(node.name.value, node.args, node.body, scope));
        return undefined;
      case "CallStatement":
        return this.#write(this.#callBlock(node, scope), output);
      case "FilterStatement":
        return this.#write(this.#expressions.filter(this.render(node.body, new Scope(scope)), node.filter, scope), output);
      default:
        return this.#write(this.#expressions.evaluate(node, scope), output);
    }
  }

  #write(value: Value, output: Output): undefined {
    output.text = this.#budget.join(output.text, textOf(value, this.#budget));
  }

  #loop(node: Node & { type: "For" }, scope: Scope, output: Output): Jump {
    const { iterable, loopvar } = node;
    const isFiltered = iterable.type === "SelectExpression";
    const looped = this.#expressions.evaluate(isFiltered ? iterable.lhs : iterable, scope);
    if (typeof looped === "string") this.#budget.spend(looped.length);
    const all = itemsOf(looped);
    this.#budget.spend(all.length);
    const scopeOf = (item: Value) => {
      const inner = new Scope(scope);
      assign(loopvar, item, inner);
      return inner;
    };
    const items = isFiltered ? all.filter((item) => isTrue(this.#expressions.evaluate(iterable.test, scopeOf(item)))) : all;
    const loops = loopOf(items, this.#budget);
    let isElse = true;
    for (const [at, item] of items.entries()) {
      const inner = scopeOf(item); // what a turn sets is gone in the next
      inner.variables.set("loop", loops(at));
      const jump = this.#run(node.body, inner, output);
      if (!jump) isElse = false;
      if (jump === "break") break;
    }
    return isElse ? this.#run(node.defaultBlock, new Scope(scope), output) : undefined; // no turn came to its end
  }

  #set(node: Node & { type: "Set" }, scope: Scope): void {
    const value = node.value ? this.#expressions.evaluate(node.value, scope) : this.render(node.body, new Scope(scope));
    const { assignee } = node;
    if (assignee.type !== "MemberExpression" || assignee.computed) {
      assign(assignee, value, scope);
      return;
    }
    const owner = this.#expressions.evaluate(assignee.object, scope);
    if (!(owner instanceof Namespace)) fail(`an attribute of ${typeName(owner)} cannot be set`);
    else owner.attributes.set(checkName((assignee.property as { value: string }).value), value);
  }

  #callBlock(node: Node & { type: "CallStatement" }, scope: Scope): Value {
    const callee = this.#expressions.evaluate(node.call.callee, scope);
    const [args, named] = this.#expressions.args(node.call.args, scope);
    if (!(callee instanceof Callable)) return fail(`${typeName(callee)} cannot be called`);
    named.set("caller", this.#macro("caller", node.callerArgs ?? [], node.body, scope));
    return callee.call(args, named);
  }

  #macro(name: string, parameters: readonly Node[], body: readonly Node[], scope: Scope): Callable {
    const used = macroVariables(body);
    return new Callable(name, (args, named) => {
      if (++this.#macroDepth > maxMacroDepth) fail(`the macro ${name} is nested more than ${maxMacroDepth} deep`);
      const [inner, rest] = [new Scope(scope), new Map(named)];
      if (used.has("caller")) {
        inner.variables.set("caller", rest.get("caller") ?? new Undefined('"caller"'));
        rest.delete("caller");
      }
      for (const [at, parameter] of parameters.entries()) this.#bindParameter(name, parameter, args[at], rest, inner);
      if (used.has("varargs")) inner.variables.set("varargs", new Tuple(args.slice(parameters.length)));
      else if (args.length > parameters.length) fail(`the macro ${name} takes at most ${parameters.length} arguments, got ${args.length}`);
      if (used.has("kwargs")) inner.variables.set("kwargs", new Map(rest));
      else if (rest.size > 0) fail(`the macro ${name} has no argument "${[...rest.keys()][0]}"`);
      const text = this.render(body, inner);
      this.#macroDepth--;
      return text;
    });
  }

  #bindParameter(macro: string, parameter: Node, given: Value | undefined, named: Map<string, Value>, scope: Scope): void {
    const { name, other } =
      parameter.type === "KeywordArgumentExpression"
        ? { name: parameter.key.value, other: parameter.value }
        : { name: (parameter as { value: string }).value, other: undefined };
    if (given !== undefined && named.has(name)) fail(`the macro ${macro} got "${name}" twice`);
    const value = given ?? named.get(name);
    named.delete(name);
    scope.variables.set(name, value ?? (other ? this.#expressions.evaluate(other, scope) : new Undefined(`"${name}"`)));
  }
}

/** Sets a variable, or several from the items of a value. */
function assign(target: Node, value: Value, scope: Scope): void {
  if (target.type === "Identifier") scope.variables.set(target.value, value);
  else if (target.type !== "TupleLiteral") fail("only variables and attributes of a namespace can be set");
  else {
    const items = itemsOf(value);
    if (items.length !== target.value.length) fail(`${items.length} values cannot be set as ${target.value.length} variables`);
    for (const [at, each] of target.value.entries()) assign(each, items[at]!, scope);
  }
}
