import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { rooms } from "../rooms/rooms.js";
import { MoreSides } from "../ui/more-sides.js";
import type { LinkKeeper } from "../workspace/link-keeper.js";

/** The links to all rooms, in a row that scrolls sideways where it is too long. */
export function Navigation({ links, room }: { readonly links: LinkKeeper; readonly room: string }): JSX.Element {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => showCurrent(row.current!), [room]);
  return (
    <nav class="page-nav" aria-label="Rooms">
      <MoreSides box={row} kind="page-nav-sides">
        <div ref={row} class="page-nav-row">
          {rooms.map(({ id, title }) => (
            <a key={id} href={links.linkOf(id)} aria-current={id === room ? "page" : undefined}>
              {title}
            </a>
          ))}
        </div>
      </MoreSides>
    </nav>
  );
}

/** Scrolls the row, and only the row, so that the link of the room is in its middle. */
function showCurrent(row: HTMLElement): void {
  const link = row.querySelector<HTMLElement>("[aria-current]");
  if (link !== null) row.scrollLeft = link.offsetLeft - (row.clientWidth - link.offsetWidth) / 2;
}
