import { type Page, paragraph } from "./page.js";

/** What must stand wherever patterns are shown. */
export function untrainedNote(page: Page): string[] {
  return [
    "",
    ...paragraph(
      page,
      "Embeddings and weights are random, nothing is trained: the patterns show how attention works, not what the words mean.",
      { indent: 2 },
    ),
  ];
}
