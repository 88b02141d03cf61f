import { useSignal } from "@preact/signals";
import type { JSX } from "preact";
import { type ComputeState, shortOfMemory } from "../compute/compute-client.js";
import type { RoomCompute } from "../rooms/room.js";
import { Notice } from "../ui/notice.js";

/** Says when nothing can be computed, when computing takes unusually long, and when it had to start again. */
export function ComputeNotice({ compute }: { readonly compute: RoomCompute }): JSX.Element | null {
  const state = compute.state.value;
  const read = useSignal<ComputeState | undefined>(undefined);
  const restart = (): void => compute.restart();
  if (state.phase === "failed") {
    const { sentence, advice, detail } = state.failure;
    return (
      <Notice kind="bad" sentence={sentence} action="Start again" onAction={restart}>
        {advice} Texts, links and the glossary work without it, pictures do not. <span class="notice-detail">{detail}</span>
      </Notice>
    );
  }
  if (compute.isSilent.value) {
    return (
      <Notice kind="plain" sentence="The computation takes long." action="Stop it" onAction={restart}>
        It continues in the background, and its result appears when it is ready. If you stop it, your text and settings are kept.
      </Notice>
    );
  }
  if (state.phase !== "ready" || state.lost === undefined || read.value === state) return null;
  return (
    <Notice
      kind="plain"
      sentence={`Computing was started again, because ${state.lost}.`}
      action="Close"
      onAction={() => (read.value = state)}
    >
      Your text and settings are kept. What was being computed is computed again; a training continues from its last checkpoint.
      {state.lost === shortOfMemory && " If it happens again, take a shorter text or a smaller model, or close other tabs."}
    </Notice>
  );
}
