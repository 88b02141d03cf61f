import { type Page, paragraph } from "./page.js";

/** The note that is printed with every pattern. */
export function untrainedNote(page: Page): string[] {
  return [
    "",
    ...paragraph(page, "Embeddings and weights are random and untrained. The patterns show how attention works, not what the words mean.", {
      indent: 2,
    }),
  ];
}
