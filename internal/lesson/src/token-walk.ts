import type { Vector } from "./numbers.js";
import type { AttentionTrace } from "./trace-attention.js";

/** One token in one head: what it looks for (query), represents (key) and carries (value), and what it attends to. */
export interface TokenWalk {
  readonly token: string;
  readonly index: number;
  readonly head: number;
  readonly embedding: Vector;
  readonly query: Vector;
  /** The key and value of the token; null in cross-attention, where keys and values come from the other text. */
  readonly key: Vector | null;
  readonly value: Vector | null;
  /** One entry per key, in the order of the text. */
  readonly keys: readonly {
    readonly token: string;
    readonly index: number;
    readonly allowed: boolean;
    readonly score: number;
    readonly weight: number;
  }[];
  readonly context: Vector;
  readonly output: Vector;
}

/** The numbers of one query token in one head of a trace. */
export function walkToken(trace: AttentionTrace, index: number, head = 0): TokenWalk {
  const cell = (token: string, key: number) => ({
    token,
    index: key,
    allowed: trace.allowed[index]![key]!,
    score: trace.scores[head]![index]![key]!,
    weight: trace.weights[head]![index]![key]!,
  });
  return {
    token: trace.queryTokens[index]!,
    index,
    head,
    embedding: trace.embedding[index]!,
    query: trace.query[head]![index]!,
    key: trace.isSelf ? trace.key[head]![index]! : null,
    value: trace.isSelf ? trace.value[head]![index]! : null,
    keys: trace.keyTokens.map(cell),
    context: trace.context[head]![index]!,
    output: trace.output[index]!,
  };
}

/** The index of the token to follow: the first "it" if there is one (what does it refer to?), else the middle token. */
export function tokenToFollow(tokens: readonly string[]): number {
  const it = tokens.findIndex((token) => token.toLowerCase() === "it");
  return it >= 0 ? it : Math.floor(tokens.length / 2);
}
