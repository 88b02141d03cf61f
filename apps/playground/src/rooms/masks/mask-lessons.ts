import type { MaskSpec } from "../../reading/mask-spec.js";
import type { Reason } from "../../ui/reason-cards.js";
import { open, startsOf } from "./presets.js";

/** What a part of a mask is for, with a question that the matrix answers. */
export interface MaskLesson extends Reason {
  /** The mask at which to look, for a text of `length` tokens. */
  readonly mask: (length: number) => MaskSpec;
}

const causal: MaskSpec = { ...open, causal: true };

export const maskLessons: readonly MaskLesson[] = [
  {
    id: "causal",
    title: "Causal",
    text: "It hides the future, so that all positions of a text can be trained at once without a look at the answers.",
    question: "Which share of the pairs does a causal mask allow? Why is it a little more than half?",
    answer:
      "Of n² pairs it allows n (n + 1) / 2, half of them and half of the diagonal: each token also sees itself. The share comes closer to one half the longer the text is; the table of costs shows it.",
    mask: () => causal,
  },
  {
    id: "padding",
    title: "Padding",
    text: "Texts of a batch must have the same length; the short ones are filled up, and nobody should look at the filling.",
    question: "The rows of padding tokens are not hatched. Does that matter?",
    answer:
      "No. A padding token may look at the text, but nobody looks at it, so nothing of its result reaches another token; its own output is thrown away. Only its column has to be hidden.",
    mask: (length) => ({ ...open, padding: Math.min(3, Math.max(0, length - 1)) }),
  },
  {
    id: "window",
    title: "Window",
    text: "Each token sees only its neighbours, so the cost of a long text grows with its length and not with the square of it.",
    question: "A window of 3 back hides the first token from the sixth one. Can the sixth still learn something of it?",
    answer:
      "Yes, through the layers: in layer 0 the fourth token reads the first one, and in layer 1 the sixth reads the fourth. With k layers, information travels up to k windows far.",
    mask: () => ({ ...causal, window: { before: 3, after: 0 } }),
  },
  {
    id: "prefix",
    title: "Prefix",
    text: "The beginning of a text, such as a question, is known in full, so every token may see all of it; only the answer is causal.",
    question: "With a prefix of p tokens, how many more pairs are allowed than with a causal mask?",
    answer: "p (p − 1) / 2: the triangle above the diagonal within the prefix. Outside the prefix nothing changes.",
    mask: (length) => ({ ...causal, prefix: Math.ceil(length / 2) }),
  },
  {
    id: "documents",
    title: "Documents",
    text: "Several short texts are packed into one row instead of padding each; none may see the others.",
    question: "Three texts of equal length are packed into one row. Which share of the causal pairs is left?",
    answer: "About a third: three triangles, each with a ninth of the pairs. Blocks between two texts are empty, and a kernel skips them.",
    mask: (length) => ({ ...causal, documents: startsOf(3, length) }),
  },
];
