import type { JSX } from "preact";
import { ComputeNotice } from "./frame/compute-notice.js";
import { CrashPanel } from "./frame/crash.js";
import { PageHead } from "./frame/page-head.js";
import { ProblemNotice } from "./frame/problem-notice.js";
import { useRoomFocus } from "./frame/use-room-focus.js";
import type { Offline } from "./offline/offline.js";
import { OfflineNotes } from "./offline/offline-notes.js";
import { UpdateNotice } from "./offline/update-notice.js";
import { RoomLoader } from "./rooms/room-loader.js";
import type { RoomCompute } from "./rooms/room.js";
import { findRoom } from "./rooms/rooms.js";
import type { Router } from "./routing/router.js";
import { ErrorBoundary } from "./ui/error-boundary.js";
import { Toasts } from "./ui/toast.js";
import type { EntryState, LinkKeeper } from "./workspace/link-keeper.js";
import type { Workspace } from "./workspace/workspace.js";

interface AppProps {
  readonly compute: RoomCompute;
  readonly workspace: Workspace;
  readonly router: Router<EntryState>;
  readonly links: LinkKeeper;
  readonly offline: Offline;
}

/** The page: its head, notices, and the current room. Embedded in another page it has no head. */
export function App({ compute, workspace, router, links, offline }: AppProps): JSX.Element {
  const { room: name, parameters } = router.route.value;
  const room = findRoom(name);
  const isEmbedded = links.isEmbedded.value;
  const onShown = useRoomFocus(room.title);
  return (
    <div class={isEmbedded ? "page embedded" : "page"}>
      <a class="skip-link" href="#main" onClick={skipToMain}>
        Skip to content
      </a>
      {!isEmbedded && (
        <PageHead compute={compute} links={links} room={room.id}>
          <OfflineNotes offline={offline} />
        </PageHead>
      )}
      <main id="main" tabIndex={-1}>
        <ComputeNotice compute={compute} />
        <ProblemNotice compute={compute} />
        <ErrorBoundary key={room.id} fallback={(error, retry) => <CrashPanel error={error} compute={compute} retry={retry} />}>
          <RoomLoader
            key={room.id}
            room={room}
            onShown={onShown}
            compute={compute}
            workspace={workspace}
            parameters={parameters}
            linkTo={(id) => links.linkOf(id)}
            saveLink={(saved, change = "refinement") => links.saveRoom(room.id, saved, change)}
          />
        </ErrorBoundary>
      </main>
      {isEmbedded && <OpenOutside />}
      <UpdateNotice offline={offline} />
      <Toasts />
    </div>
  );
}

/** The way from an embedded page to the whole one. */
function OpenOutside(): JSX.Element {
  const open = (event: MouseEvent): void => {
    (event.currentTarget as HTMLAnchorElement).href = location.href.replace(/&embed=1\b/, "");
  };
  return (
    <p class="open-outside">
      <a href={location.href} target="_blank" rel="noopener" onClick={open}>
        Open this in the tfblocks playground
      </a>
    </p>
  );
}

// The hash of the URL names the room, so the link must not change it.
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
