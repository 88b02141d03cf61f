import type { JSX } from "preact";
import type { Compute } from "./compute/compute-client.js";
import { BackendChip } from "./compute/backend-chip.js";
import { RoomDoor } from "./rooms/room-door.js";
import { findRoom, rooms } from "./rooms/rooms.js";
import { noteParameters, route } from "./routing/route.js";
import { ThemeToggle } from "./ui/theme-toggle.js";

/** The page: its head with the rooms, and the room the reader is in. */
export function App({ compute }: { readonly compute: Compute }): JSX.Element {
  const { room: id, parameters } = route.value;
  const room = findRoom(id);
  return (
    <>
      <a class="skip-link" href="#main" onClick={skipToMain}>
        Skip to the picture
      </a>
      <header class="page-head">
        <span class="brand">
          <img src="./favicon.svg" alt="" width="24" height="24" /> tfblocks <span class="brand-part">playground</span>
        </span>
        <nav aria-label="Rooms">
          {rooms.map(({ id: name, title }) => (
            <a key={name} href={`#/${name}`} aria-current={name === room.id ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <BackendChip compute={compute} />
        <ThemeToggle />
      </header>
      <main id="main" tabIndex={-1}>
        <RoomDoor key={room.id} room={room} compute={compute} parameters={parameters} note={(noted) => noteParameters(room.id, noted)} />
      </main>
    </>
  );
}

// The hash names a room, so the link must not touch it.
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
