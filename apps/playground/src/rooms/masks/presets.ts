import type { MaskSpec } from "../../reading/mask-spec.js";

/** The mask of a well-known kind of model. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  /** Who uses it and what for, in one sentence. */
  readonly about: string;
  /** The mask for a text of `length` tokens. */
  readonly mask: (length: number) => MaskSpec;
}

/** A mask that allows everything. */
export const open: MaskSpec = { causal: false, prefix: 0, window: null, padding: 0, documents: [] };

export const presets: readonly Preset[] = [
  {
    id: "gpt",
    title: "GPT",
    about: "Each token sees itself and what came before it, because the model learns to write on from there.",
    mask: () => ({ ...open, causal: true }),
  },
  {
    id: "bert",
    title: "BERT, padded",
    about: "Every token sees the whole text in both directions; only the padding at the end is hidden.",
    mask: (length) => ({ ...open, padding: Math.min(2, Math.max(0, length - 1)) }),
  },
  {
    id: "mistral",
    title: "Mistral window",
    about:
      "Causal, but only the last tokens (4,096 in Mistral 7B, four here), so that a long text costs no more per token than a short one.",
    mask: () => ({ ...open, causal: true, window: { before: 3, after: 0 } }),
  },
  {
    id: "prefix",
    title: "T5 / UL2 prefix",
    about: "The question, which is known in full, is seen by every token; the answer after it is written causally.",
    mask: (length) => ({ ...open, causal: true, prefix: Math.ceil(length / 2) }),
  },
  {
    id: "packed",
    title: "Packed documents",
    about: "Several texts share one row, so that no computation is spent on padding; a token sees only its own text.",
    mask: (length) => ({ ...open, causal: true, documents: startsOf(3, length) }),
  },
];

/** Where the documents after the first one start, if a text is cut into `count` of about the same length. */
export function startsOf(count: number, length: number): number[] {
  const starts = Array.from({ length: count - 1 }, (_, index) => Math.round(((index + 1) * length) / count));
  return [...new Set(starts)].filter((start) => start > 0 && start < length);
}

/** Whether two specs are equal. */
export function sameMask(a: MaskSpec, b: MaskSpec): boolean {
  return (
    a.causal === b.causal &&
    a.prefix === b.prefix &&
    a.padding === b.padding &&
    a.window?.before === b.window?.before &&
    a.window?.after === b.window?.after &&
    a.documents.join() === b.documents.join()
  );
}
