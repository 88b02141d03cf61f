import type { InductionHead, ScoreAblation, SyntaxHead } from "@tfblocks/analysis/models";
import type { GrammarRelation } from "@tfblocks/zoo";
import { expect, it } from "vitest";
import { grammarLines } from "./grammar-lines.js";
import { inductionLines } from "./induction-lines.js";

const page = { columns: 100 };
const [first, second] = [
  { attention: "layers.0.attention", head: 0 },
  { attention: "layers.1.attention", head: 2 },
];
const scores = { prefixMatching: 0.02, prefixMatchingNull: 0.038, previousToken: 0.9, previousTokenNull: 0.091 };
const heads: InductionHead[] = [
  { ...first!, ...scores, isPreviousToken: true, isInduction: false },
  { ...second!, ...scores, prefixMatching: null, isPreviousToken: false, isInduction: true },
];
const trained = {
  ...({ experiment: "inductionTest", version: 1, period: 18, copies: 2, sequences: 16 } as const),
  losses: { first: 4.2, last: 0.01 },
  advantage: 4.19,
  heads,
  withoutInduction: { heads: [second!], advantage: -0.5, randomHeads: { mean: 3.8, standardDeviation: 0.25, draws: 7 } },
  withoutPreviousToken: { heads: [first!], advantage: 2, randomHeads: null },
  patched: { heads: [second!], clean: 0.01, corrupt: 7.8, patched: 0.1, restored: 0.988 },
};

it("prints the induction experiment as tables", () => {
  const lines = inductionLines({ trained, untrained: [{ seed: 0, advantage: -0.02, labelled: [] }] }, page);
  expect(lines.join("\n")).toMatchInlineSnapshot(`
    "
    Losses on 16 sequences of 18 random tokens that occur twice (nats)
      first copy  second copy  advantage
           4.200        0.010      4.190

    Attention of each head, beside uniform attention
      head   previous token  uniform  induction  uniform  label
      L0·H0           0.900    0.091      0.020    0.038  previous token
      L1·H2           0.900    0.091          -    0.038  induction

    Advantage without heads (nats)
      without               heads  advantage  random heads     sd  draws
      induction heads       L1·H2     -0.500         3.800  0.250      7
      previous-token heads  L0·H0      2.000             -      -      0

    Loss of the second copy when the outputs of the induction heads are patched into sequences without a repetition (nats)
      clean  corrupt  patched  restored
      0.010    7.800    0.100     0.988

    Untrained weights
      seed  labelled heads  |advantage|
         0               0        0.020"
  `);
});

it("says when no head of an induction circuit is found", () => {
  const nothing = { heads: [], withoutInduction: null, withoutPreviousToken: null, patched: null };
  const lines = inductionLines({ trained: { ...trained, ...nothing }, untrained: [] }, page);
  expect(lines.filter((line) => / none /.test(line))).toMatchInlineSnapshot(`
    [
      "  induction heads       none           -             -   -      0",
      "  previous-token heads  none           -             -   -      0",
    ]
  `);
  expect(lines.join("\n")).not.toContain("patched");
});

it("prints the grammar experiment as tables", () => {
  const best: SyntaxHead = {
    ...second!,
    accuracy: 0.8,
    nullAccuracy: 0.2,
    baseline: { offset: -3, score: 0.4 },
    overBaseline: 0.4,
    rows: 57,
  };
  const without: ScoreAblation = { heads: [second!], score: 0.75, randomHeads: { mean: 0.98, standardDeviation: 0.01, draws: 8 } };
  const relations: GrammarRelation[] = [
    { kind: "agreement", best, score: 1, withoutBestOf: { agreement: without, bracket: null, reflexive: null } },
    { kind: "bracket", best: null, score: 0.5, withoutBestOf: { agreement: { ...without, score: 0.5 }, bracket: null, reflexive: null } },
  ];
  expect(grammarLines({ sentences: 200, contrasts: 60, relations }, page).join("\n")).toMatchInlineSnapshot(`
    "
    Best head on 200 held-out sentences: how often the word before attends most to what a word depends on
      relation   head   accuracy  best offset  its accuracy  words
      agreement  L1·H2     0.800           -3         0.400     57
      bracket    none          -            -             -      -

    Accuracy on 60 or more held-out contrasts of each kind without one head; random heads: other than that of the relation
      relation   before  without L1·H2  -  random heads     sd  draws
      agreement   1.000          0.750  -         0.980  0.010      8
      bracket     0.500          0.500  -             -      -      0"
  `);
});
