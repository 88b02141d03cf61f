import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Columns {
  readonly chosen: number;
  readonly count: number;
  readonly width: number;
  /** How much of the box the names of the rows cover, at its left; default 0. */
  readonly namesWidth?: number;
}

/**
 * Scrolls a row of columns to the chosen one, so that no column is cut at the left. The last one, which is chosen by default, is not
 * scrolled to when the row appears: one reads a text from its start.
 */
export function useChosenInView(box: RefObject<HTMLElement | null>, { chosen, count, width, namesWidth = 0 }: Columns): void {
  const isOpened = useRef(false);
  useEffect(() => {
    const isDefault = !isOpened.current && chosen === count - 1;
    isOpened.current = true;
    if (box.current === null || isDefault) return;
    const { scrollLeft, clientWidth } = box.current;
    const [left, room] = [chosen * width, clientWidth - namesWidth];
    if (left >= scrollLeft && left + width <= scrollLeft + room) return;
    box.current.scrollLeft = Math.max(0, Math.round((left - (room - width) / 2) / width)) * width;
  }, [chosen, count, width]);
}
