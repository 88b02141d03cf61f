import { useEffect, useState } from "preact/hooks";
import type { Cell } from "../../ui/heat-map.js";
import type { AttentionState, DrawnPicture } from "./attention-state.js";

/** Why the mask allows or forbids a cell; undefined until the worker has answered. */
export function useExplanation(state: AttentionState, picture: DrawnPicture, { query, key }: Cell): string | undefined {
  const [explained, setExplained] = useState<{ cell: string; reason: string }>();
  const cell = `${query} ${key}`;
  useEffect(() => {
    let current = true;
    state.explain({ query, key }).then(
      (reason) => current && setExplained({ cell, reason }),
      () => undefined, // if the worker has crashed, the next picture reports it
    );
    return () => {
      current = false;
    };
  }, [state, picture, cell]);
  return explained?.cell === cell ? explained.reason : undefined;
}
