import type { JSX } from "preact";
import { visibleToken } from "./format.js";

/** A token and its position, for example “cat” (1). The position stays on the right even if the token is written right to left. */
export function NamedToken({ token, position }: { readonly token: string; readonly position: number }): JSX.Element {
  return (
    <span>
      “<bdi>{visibleToken(token)}</bdi>” ({position})
    </span>
  );
}
