import type { MarkedToken } from "./mark-tokens.js";

/** Nodes of the syntax tree that `@huggingface/jinja` 0.5 parses a template to, as far as the evaluator reads them. */
export type Node =
  | { type: "Program"; body: Node[] }
  | { type: "If"; test: Node; body: Node[]; alternate: Node[] }
  | { type: "For"; loopvar: Node; iterable: Node; body: Node[]; defaultBlock: Node[] }
  | { type: "Set"; assignee: Node; value: Node | null; body: Node[] }
  | { type: "Macro"; name: Identifier; args: Node[]; body: Node[] }
  | { type: "CallStatement"; call: CallNode; callerArgs: Node[] | null; body: Node[] }
  | { type: "FilterStatement"; filter: Identifier | CallNode; body: Node[] }
  | { type: "Comment" | "Break" | "Continue" }
  | ExpressionNode;

type ExpressionNode =
  | Identifier
  | CallNode
  | { type: "IntegerLiteral" | "FloatLiteral"; value: number }
  | { type: "StringLiteral"; value: string }
  | { type: "ArrayLiteral" | "TupleLiteral"; value: Node[] }
  | { type: "ObjectLiteral"; value: Map<Node, Node> }
  | { type: "MemberExpression"; object: Node; property: Node; computed: boolean }
  | { type: "BinaryExpression"; operator: MarkedToken; left: Node; right: Node }
  | { type: "UnaryExpression"; operator: { value: string }; argument: Node }
  | { type: "FilterExpression"; operand: Node; filter: Identifier | CallNode }
  | { type: "TestExpression"; operand: Node; negate: boolean; test: Identifier }
  | { type: "SelectExpression"; lhs: Node; test: Node }
  | { type: "Ternary"; condition: Node; trueExpr: Node; falseExpr: Node }
  | { type: "SliceExpression"; start?: Node; stop?: Node; step?: Node }
  | { type: "KeywordArgumentExpression"; key: Identifier; value: Node }
  | { type: "SpreadExpression" | "KeywordSpreadExpression"; argument: Node };

export interface Identifier {
  type: "Identifier";
  value: string;
}

export interface CallNode {
  type: "CallExpression";
  callee: Node;
  args: Node[];
}

const known = new WeakMap<readonly Node[], ReadonlySet<string>>();

/** Which of the variables `caller`, `varargs` and `kwargs` the body of a macro reads. */
export function macroVariables(body: readonly Node[]): ReadonlySet<string> {
  const names = known.get(body) ?? new Set(["caller", "varargs", "kwargs"].filter((name) => mentions(body, name)));
  known.set(body, names);
  return names;
}

function mentions(part: unknown, name: string): boolean {
  if (part instanceof Map) return mentions([...part.keys(), ...part.values()], name);
  if (Array.isArray(part)) return part.some((each) => mentions(each, name));
  if (typeof part !== "object" || part === null) return false;
  const node = part as { type?: string; value?: unknown };
  return (node.type === "Identifier" && node.value === name) || Object.values(node).some((each) => mentions(each, name));
}
