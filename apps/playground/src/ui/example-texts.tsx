import type { JSX } from "preact";
import { TextField } from "./fields.js";

const examples = [
  "The cat sat on the mat because it was tired",
  "the dog saw the dog that saw the cat",
  "Time flies like an arrow; fruit flies like a banana.",
];

/** Buttons for the example texts. */
function ExampleTexts({ onChange }: { readonly onChange: (text: string) => void }): JSX.Element {
  return (
    <div class="examples">
      <span>Examples</span>
      {examples.map((example, index) => (
        <button
          key={example}
          type="button"
          class="example"
          title={example}
          aria-label={`Example ${index + 1}: ${example}`}
          onClick={() => onChange(example)}
        >
          {index + 1}
        </button>
      ))}
    </div>
  );
}

interface TextWithExamplesProps {
  readonly value: string;
  readonly failure: string | undefined;
  readonly onChange: (text: string) => void;
}

/** The text field of a room with its examples. */
export function TextWithExamples({ value, failure, onChange }: TextWithExamplesProps): JSX.Element {
  return (
    <>
      <TextField id="text" label="Text" value={value} failure={failure} onChange={onChange} />
      <ExampleTexts onChange={onChange} />
    </>
  );
}
