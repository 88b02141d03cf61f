import type { JSX } from "preact";

/** Something that must hold, and whether it does. */
export interface Check {
  readonly title: string;
  readonly passed: boolean;
  readonly evidence: string;
}

/** What must hold of a picture, with the evidence. */
export function CheckList({ checks }: { readonly checks: readonly Check[] }): JSX.Element {
  return (
    <ul class="checks">
      {checks.map(({ title, passed, evidence }) => (
        <li key={title} class={passed ? "check" : "check failed"} data-passed={passed}>
          <span class="check-mark" aria-label={passed ? "holds:" : "does not hold:"}>
            {passed ? "✓" : "✗"}
          </span>{" "}
          {title} <span class="evidence">{evidence}</span>
        </li>
      ))}
    </ul>
  );
}
