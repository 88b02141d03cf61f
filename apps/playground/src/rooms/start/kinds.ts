import type { WorkspaceState } from "../../workspace/workspace.js";

/** A kind of attention, with a model that has it, and a question about its picture. */
interface Kind {
  readonly label: string;
  readonly says: string;
  readonly question: string;
  readonly answer: string;
  readonly start: WorkspaceState;
}

const mask = { causal: false, prefix: 0, window: null, padding: 0, documents: [] };
const reverse = { model: "reverse", text: "badcafe=", answer: "efacdab", edits: [] };
const grammar = { model: "grammar", text: "the boys that the old woman sees", answer: "", edits: [] };

/** One step of the lesson, in models that differ in who may look at whom. */
export const kinds = {
  causal: {
    label: "Causal",
    says: "Self-attention in a decoder: every token may look at earlier tokens and at itself. The last row is about to predict a verb, and looks at its subject: “boys”.",
    question: "Why does the last row look at “boys”, and not at “woman”, which is nearer?",
    answer:
      "“woman” already has its verb: “sees”. The verb to come belongs to “boys”, and must have its form: “hear”, not “hears”. The nearest noun would lead to the wrong form.",
    start: { ...grammar, head: { kind: "self", layer: 2, head: 3 } },
  },
  several: {
    label: "Several heads",
    says: "Every layer has several heads, which look at the same text at the same time. Choose one after the other, and compare their last rows.",
    question: "What does the last row look at in L1·H2, in L2·H2 and in L2·H3? Why does a layer need more than one head?",
    answer:
      "L1·H2 looks at “that”, L2·H2 at “king”, which already has its verb, and L2·H3 at “dogs”, whose verb comes next. The weights of a row sum to 1, so a head that looks at one token hardly sees the others. Several heads look for several things at once, and the layer adds up what they find.",
    start: { ...grammar, text: "the dogs that the young king hears", head: { kind: "self", layer: 2, head: 2 } },
  },
  both: {
    label: "Both directions",
    says: "Self-attention in an encoder, which reads a finished text: every token may look at all of them, before and after it. Nothing is masked.",
    question: "Why may a token look at later ones here, and not in “Causal”?",
    answer:
      "In “Causal” the next token is what the model must predict, so it must not see it. An encoder predicts nothing: it reads a text that is there as a whole. Here the rows of the first six letters look mostly at what stands after them.",
    start: { ...reverse, head: { kind: "encoder", layer: 0, head: 0 } },
  },
  cross: {
    label: "Cross",
    says: "Cross-attention: rows are the tokens that the model writes, columns those of the text that it has read. It writes the text backwards; <pad> is what it starts with.",
    question: "Why does the stripe run from the upper right to the lower left?",
    answer:
      "The model writes the text backwards. Its first row is about to write the last letter and looks at it, the second row at the letter before, and so on. A row is always one step ahead: it looks at what it is about to write. The last row has nothing left to write and looks at the end of the text.",
    start: { ...reverse, head: { kind: "cross", layer: 1, head: 2 } },
  },
  padding: {
    label: "Padding",
    says: "Models read many texts at once and fill up the short ones with padding, at which no token may look. Here the last three words stand for padding: their columns are hatched.",
    question: "In “Causal” the row of “old” gives itself much of its weight. What becomes of that weight here?",
    answer:
      "The other tokens get it. The softmax shares the weight among the tokens that a row may look at, so every row still sums to 1. The rows of the padding are computed too, but nobody reads them.",
    start: {
      ...grammar,
      head: { kind: "self", layer: 2, head: 3 },
      edits: [{ kind: "mask", mask: { ...mask, causal: true, padding: 3 } }],
    },
  },
} satisfies Record<string, Kind>;

/** The name of a kind. */
export type KindName = keyof typeof kinds;

/** All kinds, in the order of their choice. */
export const kindNames = Object.keys(kinds) as KindName[];

/** The kind that is shown; its heads may be another one than at first. */
export function kindOf({ model, text, head, edits }: WorkspaceState): KindName {
  const shown = kindNames.find((name) => {
    const { start } = kinds[name];
    return start.model === model && start.text === text && start.head.kind === head.kind && start.edits.length === edits.length;
  });
  return shown ?? "causal";
}
