import type { JSX } from "preact";
import { visibleToken } from "../../ui/format.js";

/** A token with its place, as “cat” (1); the place stays on the right of one that is written from right to left. */
export function NamedToken({ token, position }: { readonly token: string; readonly position: number }): JSX.Element {
  return (
    <span>
      “<bdi>{visibleToken(token)}</bdi>” ({position})
    </span>
  );
}
