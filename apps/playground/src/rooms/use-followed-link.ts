import { useEffect, useRef } from "preact/hooks";

/** Calls `follow` when the reader follows a link within the room, not when the room opens. */
export function useFollowedLink(parameters: URLSearchParams, follow: () => void): void {
  const last = useRef(parameters);
  useEffect(() => {
    if (last.current !== parameters) follow();
    last.current = parameters;
  }, [parameters]);
}
