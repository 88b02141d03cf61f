import type { ReportLabel, ReportMetric } from "@tfblocks/analysis/pictures";

/** What a metric measures, for the reader. */
export interface MetricWords {
  readonly name: string;
  /** A name that fits a small picture. */
  readonly short: string;
  /** What the number means, in one plain sentence. */
  readonly meaning: string;
  /** Whether the number is a share from 0 to 1. */
  readonly isShare: boolean;
}

const words: Readonly<Record<string, MetricWords>> = {
  previousTokenMass: share("Previous token", "previous", "The share of attention that goes to the token just before."),
  nextTokenMass: share("Next token", "next", "The share of attention that goes to the token just after."),
  selfMass: share("Current token", "current", "The share of attention that a token gives to itself."),
  windowMass: share("Local window", "local", "The share of attention that stays within two tokens on either side."),
  firstTokenMass: share("First token", "first", "The share of attention that goes to the first token, where many heads rest."),
  delimiterMass: share("Delimiters", "delimiter", "The share of attention that goes to punctuation and special tokens."),
  duplicateTokenMass: share("Duplicate token", "duplicate", "The share of attention that goes to earlier copies of the same token."),
  prefixMatching: share(
    "Induction",
    "induction",
    "The share of attention that goes to the token after an earlier copy: what followed last time.",
  ),
  contentDependence: share("Content dependence", "content", "How much of the attention moves when the text changes."),
  normalizedEntropy: share(
    "Spread",
    "spread",
    "How widely attention is spread: 0 = all of it on one token, 1 = the same on every token it may see. The entropy, as a share of its maximum.",
  ),
  confidence: share("Confidence", "confidence", "The mean of the largest weight of each row: 1 = every token looks at a single other one."),
  entropy: {
    name: "Entropy",
    short: "entropy",
    meaning: "The spread of attention in nats, not as a share: 0 = one token only, at most ln(number of tokens).",
    isShare: false,
  },
  attentionDistance: {
    name: "Distance",
    short: "distance",
    meaning: "How many tokens away a token looks, on average.",
    isShare: false,
  },
};

function share(name: string, short: string, meaning: string): MetricWords {
  return { name, short, meaning, isShare: true };
}

/** The words of a metric; of one that is not known, its name. */
export function metricWords(name: string): MetricWords {
  return words[name] ?? { name, short: name, meaning: "", isShare: false };
}

/** Labels with the one first whose score is farthest above that of uniform attention. */
export function strongestFirst(labels: readonly ReportLabel[]): readonly ReportLabel[] {
  const excess = ({ score, nullScore }: ReportLabel): number => score - (nullScore ?? 0);
  return labels.toSorted((a, b) => excess(b) - excess(a));
}

/** The metric that decides each label. */
const metricOfLabel: Readonly<Record<string, string>> = {
  "previous token": "previousTokenMass",
  "next token": "nextTokenMass",
  "current token": "selfMass",
  "local window": "windowMass",
  "first token": "firstTokenMass",
  delimiter: "delimiterMass",
  broad: "normalizedEntropy",
  "duplicate token": "duplicateTokenMass",
  induction: "prefixMatching",
  "content-dependent": "contentDependence",
};

interface MeasuredHead {
  readonly labels: readonly ReportLabel[];
  readonly metrics: readonly ReportMetric[];
}

/** The score that gave a head its strongest label; undefined without a label. */
export function scoreOfLabel({ labels, metrics }: MeasuredHead): ReportMetric | undefined {
  const [strongest] = strongestFirst(labels);
  return strongest && metrics.find(({ name }) => name === metricOfLabel[strongest.label]);
}

/** Labels in one word, for small pictures. */
const shortLabels: Readonly<Record<string, string>> = {
  "previous token": "previous",
  "next token": "next",
  "current token": "current",
  "local window": "local",
  "first token": "first",
  "duplicate token": "duplicate",
  "content-dependent": "content",
};

/** A label of a head in one word. */
export function shortLabel(label: string): string {
  return shortLabels[label] ?? label;
}
