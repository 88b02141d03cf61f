import { useCallback, useEffect, useRef } from "preact/hooks";

const siteName = "tfblocks playground";

/**
 * Names the room in the title of the document.
 *
 * @returns to be called when the room is shown; except for the first room its heading gets the focus, so that it is read out
 */
export function useRoomFocus(title: string): () => void {
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${title} · ${siteName}`;
  }, [title]);
  return useCallback(() => {
    if (!isFirst.current) focusHeading();
    isFirst.current = false;
  }, []);
}

function focusHeading(): void {
  const heading = document.querySelector<HTMLElement>("main h1") ?? document.getElementById("main")!;
  heading.tabIndex = -1;
  scrollTo({ top: 0, behavior: "instant" });
  heading.focus({ preventScroll: true });
}
