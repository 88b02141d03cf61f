import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Cell, cellBox } from "../../ui/heat-map.js";
import { stepCell } from "../../ui/step-cell.js";
import type { PictureProps } from "./picture-props.js";
import type { AttentionState, DrawnPicture } from "./attention-state.js";
import { describeCell, describeStrongest } from "./describe-cell.js";

interface HeadGridProps extends PictureProps {
  /** The edge of a cell in CSS pixels. */
  readonly edge: number;
}

/** The map as a grid for keyboards and screen readers: one tab stop, and only the focused cell is an element. */
export function HeadGrid({ state, picture, edge }: HeadGridProps): JSX.Element {
  const place = useSignal<Cell>(state.pinned.value ?? { query: 0, key: 0 });
  const focused = useSignal(false);
  const element = useRef<HTMLDivElement>(null);
  const [rows, columns] = [picture.queryTokens.length, picture.keyTokens.length];
  const at = { query: Math.min(place.value.query, rows - 1), key: Math.min(place.value.key, columns - 1) };
  const head = state.head.value;
  useEffect(() => {
    if (state.pinned.value !== undefined && !focused.value) place.value = state.pinned.value;
  }, [state.pinned.value]);
  useEffect(() => void (focused.value && pointAt(state, element.current, head, at)), [focused.value, at.query, at.key, head, picture]);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) return;
    const next = stepCell(event.key, event.ctrlKey, at.query, at.key, rows, columns);
    if (next !== undefined) place.value = { query: next[0], key: next[1] };
    else if (!runCommand(state, picture, event.key, at)) return;
    event.preventDefault();
  };
  return (
    <>
      <div
        role="grid"
        class="grid"
        aria-label={`Weights of head ${head}: rows are queries, columns are keys`}
        aria-rowcount={rows}
        aria-colcount={columns}
      >
        <div role="row" aria-rowindex={at.query + 1}>
          <div
            ref={element}
            role="gridcell"
            class="grid-cell"
            tabIndex={0}
            style={cellBox(at, edge)}
            aria-colindex={at.key + 1}
            aria-selected={state.pinned.value?.query === at.query && state.pinned.value.key === at.key}
            aria-label={describeCell(picture, head, at)}
            onKeyDown={onKeyDown}
            onFocus={(event) => (focused.value = event.currentTarget.matches(":focus-visible"))}
            onBlur={() => {
              focused.value = false;
              state.hover(undefined);
            }}
          />
        </div>
      </div>
      <Spoken text={focused.value ? `${describeCell(picture, head, at)}. ${describeStrongest(picture, head, at.query)}` : ""} />
    </>
  );
}

/** A text that screen readers announce. */
function Spoken({ text }: { readonly text: string }): JSX.Element {
  return (
    <p class="spoken" aria-live="polite">
      {text}
    </p>
  );
}

/** Shows the tooltip of the focused cell, as if the pointer were on it. */
function pointAt(state: AttentionState, element: HTMLElement | null, head: number, at: Cell): void {
  const place = element?.getBoundingClientRect();
  if (place !== undefined) state.hover({ ...at, head, x: place.right, y: place.bottom });
}

/** Runs the command of a key that does not move the focus. @returns false if the grid does not use the key */
function runCommand(state: AttentionState, { heads }: DrawnPicture, key: string, at: Cell): boolean {
  const head = state.head.value;
  switch (key) {
    case "PageUp":
      state.look({ head: Math.max(0, head - 1) });
      return true;
    case "PageDown":
      state.look({ head: Math.min(heads - 1, head + 1) });
      return true;
    case "Enter":
    case " ":
      state.togglePin(at);
      return true;
    case "Escape":
      state.look({ pinned: undefined });
      return true;
    default:
      return false;
  }
}
