import { checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import { checkFunction, checkSequences } from "../checks.js";
import type { HeadScore } from "../maps/row-scores.js";
import type { TokenPredicate } from "../metrics/token-mass.js";

/** The names of labels, in the order of {@link labelRules}. */
export type HeadLabelName =
  | "previous token"
  | "next token"
  | "current token"
  | "local window"
  | "first token"
  | "delimiter"
  | "broad"
  | "duplicate token"
  | "induction"
  | "content-dependent";

/** What a rule of labels knows of the text. */
export interface LabelContext {
  /** The token ids of each sequence, `[batch][length]`: `[ids]` for one sequence. */
  readonly ids: readonly (readonly number[])[];
  /**
   * Whether the token at an index of a sequence separates sentences, for example `[SEP]`, a comma or a full stop; default no token.
   */
  readonly isDelimiter?: TokenPredicate | undefined;
}

export const labelContextNames: OptionNames<LabelContext> = { ids: true, isDelimiter: true };

/** @throws ValueError when an option is unknown, `ids` is not a list for each sequence, or `isDelimiter` is not a function */
export function checkedContext<Context extends LabelContext>(
  operation: string,
  context: Context,
  names: OptionNames<NoInfer<Context>>,
): Context {
  const { ids, isDelimiter } = checkOptions(operation, context, names);
  checkSequences(operation, "ids", ids);
  if (isDelimiter !== undefined) checkFunction(operation, "isDelimiter", isDelimiter, "a function of a token's index");
  return context;
}

/** When a head gets a label: its score over at least 4 rows reaches a threshold, and so does its lift over uniform attention. */
export interface LabelRule {
  readonly label: HeadLabelName;
  /** The metric whose scores decide. */
  readonly metric: string;
  readonly threshold: number;
  /** The smallest lift over uniform attention; 0 for metrics without one. */
  readonly minLift: number;
  /** The rule in words. */
  readonly rule: string;
  /** The keys that the label is about, for a query: they are shown as evidence. */
  readonly targets: (context: LabelContext, batch: number, query: number) => number[];
}

const lift = 0.3;
const none = (): number[] => [];

/**
 * The rules, one a label. Thresholds of Clark et al. 2019 for delimiters (0.6) and broad heads (3.8 of ln 128 nats);
 * 0.4, usual in detectors of induction heads, for offsets, duplicate tokens and induction; the lift of 0.3 follows Gu et al. 2025, who
 * call 0.3 a sink.
 */
export const labelRules: readonly LabelRule[] = [
  offsetRule("previous token", "previousTokenMass", -1),
  offsetRule("next token", "nextTokenMass", 1),
  offsetRule("current token", "selfMass", 0),
  {
    label: "local window",
    metric: "windowMass",
    threshold: 0.8,
    minLift: lift,
    rule: "at least 0.8 of the attention stays within two tokens, with a lift of at least 0.3",
    targets: ({ ids }, batch, query) => nearKeys([-2, -1, 0, 1, 2], ids[batch]!, query),
  },
  {
    label: "first token",
    metric: "firstTokenMass",
    threshold: 0,
    minLift: lift,
    rule: "attention to the first token has a lift of at least 0.3: the head rests there",
    targets: () => [0],
  },
  {
    label: "delimiter",
    metric: "delimiterMass",
    threshold: 0.6,
    minLift: lift,
    rule: "at least 0.6 of the attention goes to delimiters, with a lift of at least 0.3",
    targets: ({ ids, isDelimiter = () => false }, batch) => [...ids[batch]!.keys()].filter((key) => isDelimiter(key, batch)),
  },
  {
    label: "broad",
    metric: "normalizedEntropy",
    threshold: 0.783,
    minLift: 0,
    rule: "the entropy is at least 0.783 of its maximum",
    targets: none,
  },
  {
    label: "duplicate token",
    metric: "duplicateTokenMass",
    threshold: 0.4,
    minLift: lift,
    rule: "at least 0.4 of the attention goes to earlier copies of the same token, with a lift of at least 0.3",
    targets: ({ ids }, batch, query) => earlierCopies(ids[batch]!, query),
  },
  {
    label: "induction",
    metric: "prefixMatching",
    threshold: 0.4,
    minLift: lift,
    rule: "at least 0.4 of the attention goes to the tokens after earlier copies of the same token, with a lift of at least 0.3",
    targets: ({ ids }, batch, query) =>
      earlierCopies(ids[batch]!, query)
        .map((key) => key + 1)
        .filter((key) => key < query),
  },
  {
    label: "content-dependent",
    metric: "contentDependence",
    threshold: 0.3,
    minLift: 0,
    rule: "at least 0.3 of the attention moves when the text changes",
    targets: none,
  },
];

function offsetRule(label: HeadLabelName, metric: string, offset: number): LabelRule {
  return {
    label,
    metric,
    threshold: 0.4,
    minLift: lift,
    rule: `at least 0.4 of the attention goes to the ${label}, with a lift of at least 0.3`,
    targets: ({ ids }, batch, query) => nearKeys([offset], ids[batch]!, query),
  };
}

/** A head gets a label by its behaviour in at least so many rows. */
const minLabelRows = 4;

/** Whether a score gets the label of a rule. */
export function satisfies({ threshold, minLift }: LabelRule, { score, lift: over, rowsUsed }: HeadScore): boolean {
  if (score === null || rowsUsed < minLabelRows) return false;
  return score >= threshold && (minLift === 0 || (over !== null && over >= minLift));
}

function nearKeys(offsets: readonly number[], ids: readonly number[], query: number): number[] {
  return offsets.map((offset) => query + offset).filter((key) => key >= 0 && key < ids.length);
}

function earlierCopies(ids: readonly number[], query: number): number[] {
  return [...ids.keys()].filter((key) => key < query && ids[key] === ids[query]);
}
