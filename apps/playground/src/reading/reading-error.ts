/** What is wrong with an input of the reader. */
export class ReadingError extends Error {
  override readonly name = "ReadingError";
  /** The name of the input at fault: `"model"`, `"text"`, `"answer"`, `"edits"` or `"head"`. */
  readonly field: string;

  /** @param sentence for the reader */
  constructor(field: string, sentence: string) {
    super(sentence);
    this.field = field;
  }
}
