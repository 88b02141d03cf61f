import type { ComponentChildren, JSX } from "preact";

/** The fields of a room; what they hold takes effect at once, so there is nothing to submit. */
export function ControlForm({ label, children }: { readonly label: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <form class="controls" aria-label={label} onSubmit={(event) => event.preventDefault()}>
      {children}
    </form>
  );
}
