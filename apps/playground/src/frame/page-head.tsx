import type { ComponentChildren, JSX } from "preact";
import { useSignal } from "@preact/signals";
import type { RoomCompute } from "../rooms/room.js";
import { GlossaryDialog } from "../ui/glossary-dialog.js";
import { ThemeToggle } from "../ui/theme-toggle.js";
import type { LinkKeeper } from "../workspace/link-keeper.js";
import { BackendChip } from "./backend-chip.js";
import { Navigation } from "./navigation.js";
import { UndoButtons } from "./undo-buttons.js";

/** In the document itself, because Chromium fetches an icon just when a new build takes over. */
const icon = document.querySelector<HTMLLinkElement>("link[rel=icon]")!.href;

interface PageHeadProps {
  readonly compute: RoomCompute;
  readonly links: LinkKeeper;
  readonly room: string;
  /** Notes that the card of the backend shows too. */
  readonly children: ComponentChildren;
}

/** The head of the page: its name, the rooms, and what is the same in all of them. */
export function PageHead({ compute, links, room, children }: PageHeadProps): JSX.Element {
  return (
    <header class="page-head">
      <span class="brand">
        <img src={icon} alt="" width="24" height="24" />{" "}
        <span class="brand-name">
          tfblocks <span class="brand-part">playground</span>
        </span>
      </span>
      <Navigation links={links} room={room} />
      <div class="page-tools">
        <UndoButtons links={links} />
        <GlossaryButton />
        <BackendChip compute={compute}>{children}</BackendChip>
        <ThemeToggle />
      </div>
    </header>
  );
}

function GlossaryButton(): JSX.Element {
  const isOpen = useSignal(false);
  return (
    <>
      <button type="button" class="quiet-button wide" aria-label="Glossary" onClick={() => (isOpen.value = true)}>
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <path
            d="M3 4.5C5.5 3.5 8 3.5 10 5c2-1.5 4.5-1.5 7-.5v11c-2.5-1-5-1-7 .5-2-1.5-4.5-1.5-7-.5zM10 5v11"
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linejoin="round"
          />
        </svg>
        <span class="tool-name">Glossary</span>
      </button>
      {isOpen.value && <GlossaryDialog close={() => (isOpen.value = false)} />}
    </>
  );
}
