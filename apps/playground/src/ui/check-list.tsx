import type { JSX } from "preact";

/** A property that must hold, and whether it does. */
export interface Check {
  readonly title: string;
  readonly passed: boolean;
  readonly evidence: string;
}

/** The results of checks. */
export function CheckList({ checks }: { readonly checks: readonly Check[] }): JSX.Element {
  return (
    <ul class="checks">
      {checks.map(({ title, passed, evidence }) => (
        <li key={title} class={passed ? "check" : "check failed"} data-passed={passed}>
          <span class="check-mark" aria-label={passed ? "passed:" : "failed:"}>
            {passed ? "✓" : "✗"}
          </span>{" "}
          {title} <span class="evidence">{evidence}</span>
        </li>
      ))}
    </ul>
  );
}
