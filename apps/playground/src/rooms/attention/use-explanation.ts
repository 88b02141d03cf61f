import { useEffect, useState } from "preact/hooks";
import type { DrawnPicture, RoomState } from "./room-state.js";
import type { Cell } from "./view.js";

/** The mask's own words on a cell; undefined until the worker has said them. */
export function useExplanation(state: RoomState, picture: DrawnPicture, { query, key }: Cell): string | undefined {
  const [said, setSaid] = useState<{ cell: string; reason: string }>();
  const cell = `${query} ${key}`;
  useEffect(() => {
    let wanted = true;
    state.explain(picture, { query, key }).then(
      (reason) => wanted && setSaid({ cell, reason }),
      () => undefined, // a worker that died is reported by the next picture
    );
    return () => {
      wanted = false;
    };
  }, [state, picture, cell]);
  return said?.cell === cell ? said.reason : undefined;
}
