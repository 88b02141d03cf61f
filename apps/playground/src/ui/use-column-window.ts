import type { RefObject } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";

/** The columns of a row of equal columns that a scrolled box shows, and some more on both sides. */
export interface ColumnWindow {
  readonly first: number;
  /** One after the last. */
  readonly end: number;
}

const extra = 6;

/** Follows the scrolling of a box, so that only the visible ones of many columns become elements. */
export function useColumnWindow(box: RefObject<HTMLElement | null>, count: number, width: number): ColumnWindow {
  const [window, setWindow] = useState<ColumnWindow>({ first: 0, end: Math.min(count, 2 * extra) });
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const first = Math.max(0, Math.floor(element.scrollLeft / width) - extra);
      const end = Math.min(count, Math.ceil((element.scrollLeft + element.clientWidth) / width) + extra);
      setWindow((last) => (last.first === first && last.end === end ? last : { first, end }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [count, width]);
  return window;
}
