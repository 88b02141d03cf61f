import type { ComponentChildren, JSX } from "preact";

/** The settings of a room. Changes take effect at once, so the form is never submitted. */
export function ControlForm({ label, children }: { readonly label: string; readonly children: ComponentChildren }): JSX.Element {
  return (
    <form class="controls" aria-label={label} onSubmit={(event) => event.preventDefault()}>
      {children}
    </form>
  );
}
