import type { JSX } from "preact";
import { BackendChip } from "./compute/backend-chip.js";
import { RoomLoader } from "./rooms/room-loader.js";
import type { RoomCompute } from "./rooms/room.js";
import { findRoom, rooms } from "./rooms/rooms.js";
import { saveParameters, route } from "./routing/route.js";
import { ThemeToggle } from "./ui/theme-toggle.js";

/** The page: a header with the navigation, and the current room. */
export function App({ compute }: { readonly compute: RoomCompute }): JSX.Element {
  const { room: id, parameters } = route.value;
  const room = findRoom(id);
  return (
    <>
      <a class="skip-link" href="#main" onClick={skipToMain}>
        Skip to content
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
        <RoomLoader
          key={room.id}
          room={room}
          compute={compute}
          parameters={parameters}
          saveLink={(saved) => saveParameters(room.id, saved)}
        />
      </main>
    </>
  );
}

// The hash of the URL names the room, so the link must not change it.
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
