import type { JSX } from "preact";

const examples = [
  "The cat sat on the mat because it was tired",
  "the dog saw the dog that saw the cat",
  "Time flies like an arrow; fruit flies like a banana.",
];

/** Texts to start from. */
export function ExampleTexts({ onChange }: { readonly onChange: (text: string) => void }): JSX.Element {
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
