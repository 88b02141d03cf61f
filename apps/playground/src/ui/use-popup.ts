import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Milliseconds until a box closes after the pointer has left, so that the pointer can move into the box. */
const closeDelay = 200;
/** Milliseconds within which a click belongs to the focus that it gave. */
const sameGesture = 400;
const margin = 8;

interface Popup {
  readonly isOpen: boolean;
  readonly show: (event: Event) => void;
  readonly hide: (event: Event) => void;
  readonly toggle: () => void;
}

/** A box at a word: open while the pointer or the focus is on it or after a tap; closed by Esc, scrolling or a tap elsewhere. */
export function usePopup(word: RefObject<HTMLElement | null>, box: RefObject<HTMLElement | null>): Popup {
  const [isOpen, setOpen] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const focusedAt = useRef(-Infinity);
  const set = (open: boolean, delay = 0): void => {
    clearTimeout(timer.current);
    if (delay === 0) setOpen(open);
    else timer.current = setTimeout(() => setOpen(open), delay);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useClosing(isOpen, () => set(false), [word, box]);
  useLayoutEffect(() => {
    if (isOpen && word.current !== null && box.current !== null) place(word.current, box.current);
  }, [isOpen]);
  return {
    isOpen,
    show: (event) => {
      if (isFinger(event)) return; // only its tap counts
      if (event.type === "focus") focusedAt.current = performance.now();
      set(true);
    },
    hide: (event) => {
      if (!isFinger(event)) set(false, event.type === "blur" ? 0 : closeDelay);
    },
    toggle: () => set(!isOpen || performance.now() - focusedAt.current < sameGesture),
  };
}

function isFinger(event: Event): boolean {
  return event instanceof PointerEvent && event.pointerType === "touch";
}

function useClosing(isOpen: boolean, close: () => void, inside: readonly RefObject<HTMLElement | null>[]): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const stop = new AbortController();
    const options = { signal: stop.signal, capture: true, passive: true };
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Escape") return;
      event.stopPropagation(); // this Esc is for the box, not for what lies under it
      close();
    };
    const onPress = (event: Event): void => {
      if (!inside.some(({ current }) => current?.contains(event.target as Node))) close();
    };
    addEventListener("keydown", onKey, options);
    addEventListener("pointerdown", onPress, options);
    addEventListener("scroll", close, options);
    return () => stop.abort();
  }, [isOpen]);
}

/** Shows the box above everything else, below the word or above it, within the window. */
function place(word: HTMLElement, box: HTMLElement): void {
  if ("showPopover" in box) box.showPopover();
  const from = word.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const left = Math.max(margin, Math.min(from.left, innerWidth - width - margin));
  const isBelow = from.bottom + margin + height <= innerHeight;
  box.style.left = `${left}px`;
  box.style.top = `${isBelow ? from.bottom + 4 : Math.max(margin, from.top - height - 4)}px`;
}
