import type { Reason } from "../../ui/reason-cards.js";
import type { ScaleSettings } from "./settings.js";

/** Why a measure is what it is, with a question that the sliders answer. */
export interface Lesson extends Reason {
  /** The settings at which to look. */
  readonly settings: Partial<ScaleSettings>;
}

export const lessons: readonly Lesson[] = [
  {
    id: "variance",
    title: "Why the variance of q · k is dₖ",
    text: "q · k is a sum of dₖ products. Each product of two independent numbers with mean 0 and variance 1 has mean 0 and variance 1 itself. Variances of independent terms add up, so the sum has the variance dₖ, and a typical score has the size √dₖ. Multiplied by 1/√dₖ, it has the variance 1 at every width.",
    question: "How large is a typical score at dₖ = 64 without a scale, and at dₖ = 256 with 1/√dₖ?",
    answer:
      "About 8 without a scale, because √64 = 8: the histogram reaches to ±16 and beyond, and the measured variance is near 64. With 1/√dₖ about 1, at 256 as at any other width.",
    settings: { headDim: 64, scale: "none", softcap: 0, qkNorm: "none" },
  },
  {
    id: "saturation",
    title: "Why the softmax saturates",
    text: "The softmax looks only at differences of scores, and takes them as exponents: a key that leads by 8 gets e⁸, about 3,000 times, the weight of the next. With scores of the size 8 one key nearly always leads by several units. It takes all the weight, and the spread of the row goes to 0.",
    question: "With 16 keys and no scale, from which width on is the largest weight above 0.8 on average? And with 1/√dₖ?",
    answer:
      "From dₖ = 64 on, where it is about 0.85; at 16 it is about 0.69. With 1/√dₖ it stays at about 0.25 at every width, because the scores keep the variance 1.",
    settings: { headDim: 64, keys: 16, scale: "none", softcap: 0, qkNorm: "none" },
  },
  {
    id: "gradients",
    title: "Why the gradients vanish",
    text: "A gradient passes the softmax through its Jacobian diag(p) − p pᵀ, whose entries are pᵢ (1 − pᵢ) and −pᵢ pⱼ. If one weight is 1, all of them are 0: whatever the loss wants, the scores are not told. A saturated head cannot learn to look elsewhere.",
    question: "Does a narrow head of width 4 to 16, as in small models, have smaller gradients without the scale?",
    answer:
      "No. The Jacobian is about as large as with the scale, 0.3, and the gradient is even larger, because the scores are. The collapse shows from width 64 on; at 256 the median gradient is about a quarter of that with 1/√dₖ, and half of the rows are saturated.",
    settings: { headDim: 256, keys: 16, scale: "none", softcap: 0, qkNorm: "none" },
  },
  {
    id: "others",
    title: "Other ways to keep scores small",
    text: "A soft cap, c · tanh(score / c), bounds scores but leaves the small ones alone; Gemma 2 caps at 50. QK-norm gives queries and keys a fixed length before the dot product, so that no training can make the scores grow.",
    question: "With QK-norm to length 1 and no scale, how large is a typical score at dₖ = 64? What is the softmax like then?",
    answer:
      "About 1/8: a score is the cosine of two random directions, whose variance is 1/dₖ. The softmax is nearly uniform, so such models multiply the cosines by a number larger than 1, often a learned one.",
    settings: { headDim: 64, keys: 16, scale: "none", softcap: 0, qkNorm: "l2" },
  },
];
