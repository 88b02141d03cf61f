import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { showToast } from "../ui/toast.js";
import type { LinkKeeper } from "../workspace/link-keeper.js";

/** Undoes the last step and makes it again, as Ctrl+Z and Ctrl+Y do outside text fields. Shown only while there is something to do. */
export function UndoButtons({ links }: { readonly links: LinkKeeper }): JSX.Element | null {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const command = commandOf(event);
      if (command === undefined || isTextField(event.target) || !isPossible(command, links)) return;
      event.preventDefault();
      run(command, links);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [links]);
  if (!links.canUndo.value && !links.canRedo.value) return null;
  return (
    <>
      <CommandButton links={links} command="undo" />
      <CommandButton links={links} command="redo" />
    </>
  );
}

type Command = "undo" | "redo";

const texts = {
  undo: {
    name: "Undo",
    label: "Undo the last change",
    keys: "Ctrl+Z",
    done: "The last change was undone.",
    arrow: "M7 3 3 7l4 4M3 7h8.5a5 5 0 0 1 0 10H7",
  },
  redo: {
    name: "Redo",
    label: "Redo the change that was undone",
    keys: "Ctrl+Y",
    done: "The change was made again.",
    arrow: "M13 3l4 4-4 4M17 7H8.5a5 5 0 0 0 0 10H13",
  },
} as const;

interface CommandButtonProps {
  readonly links: LinkKeeper;
  readonly command: Command;
}

function CommandButton({ links, command }: CommandButtonProps): JSX.Element {
  const { name, label, keys, arrow } = texts[command];
  return (
    <button
      type="button"
      class="quiet-button wide"
      aria-label={label}
      title={`${label} (${keys})`}
      disabled={!isPossible(command, links)}
      onClick={() => run(command, links)}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <path d={arrow} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" />
      </svg>
      <span class="tool-name">{name}</span>
    </button>
  );
}

function isPossible(command: Command, { canUndo, canRedo }: LinkKeeper): boolean {
  return { undo: canUndo, redo: canRedo }[command].value;
}

function run(command: Command, links: LinkKeeper): void {
  links[command]();
  showToast(texts[command].done);
}

/** Ctrl+Z, and Ctrl+Y or Ctrl+Shift+Z; on a Mac with the command key. */
function commandOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): Command | undefined {
  if (altKey || !(ctrlKey || metaKey)) return undefined;
  if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
  return key.toLowerCase() === "y" && ctrlKey && !shiftKey ? "redo" : undefined;
}

/** Whether Ctrl+Z belongs to what has the focus. */
function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=range])"))
  );
}
