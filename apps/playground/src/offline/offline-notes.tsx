import type { JSX } from "preact";
import type { Offline, OfflineState } from "./offline.js";

const sentences = {
  storing: "Every room and model is being stored, so that the page works offline.",
  stored: "Every room and model is stored in this browser, so that the page works offline.",
  failed: "Works only online so far, because this browser could not store the page. The next visit tries again.",
};

/** What the page can do without a network, and how it gets more threads. */
export function OfflineNotes({ offline }: { readonly offline: Pick<Offline, "state" | "advice"> }): JSX.Element {
  const state = offline.state.value;
  return (
    <>
      {offline.advice.value !== undefined && <p>{offline.advice.value}</p>}
      <p data-offline={state.phase}>{sentenceOf(state)}</p>
    </>
  );
}

function sentenceOf(state: OfflineState): string {
  return state.phase === "impossible" ? state.sentence : sentences[state.phase];
}
