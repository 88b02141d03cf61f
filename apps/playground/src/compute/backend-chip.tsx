import type { JSX } from "preact";
import { type BackendStatus, explainThreads } from "./backend-status.js";
import type { Compute } from "./compute-client.js";

/** What computes, in a few words; opened, in full. */
export function BackendChip({ compute }: { readonly compute: Compute }): JSX.Element {
  const state = compute.state.value;
  if (state.phase === "starting") {
    return (
      <span class="chip" role="status">
        starting the backend …
      </span>
    );
  }
  if (state.phase === "failed") {
    return (
      <span class="chip bad" role="status">
        {state.sentence}
      </span>
    );
  }
  const { status } = state;
  return (
    <details class="chip-details">
      <summary class="chip" data-threads={status.threads} data-isolated={status.isolated}>
        <span class="chip-dot" aria-hidden="true" /> {status.backend} · {status.simd ? "SIMD" : "no SIMD"} · {threadCount(status)}
      </summary>
      <BackendCard status={status} />
    </details>
  );
}

function BackendCard({ status }: { readonly status: BackendStatus }): JSX.Element {
  return (
    <div class="card" id="backend-card">
      <dl>
        <dt>Backend</dt>
        <dd>TensorFlow.js {status.backend}</dd>
        <dt>SIMD</dt>
        <dd>{status.simd ? "yes" : "no: this browser has none"}</dd>
        <dt>Threads</dt>
        <dd>{status.threads}</dd>
        <dt>Cross-origin isolated</dt>
        <dd>{status.isolated ? "yes" : "no"}</dd>
      </dl>
      <p>{explainThreads(status)}</p>
      <p>Everything is computed in this page, in a worker; nothing is sent anywhere.</p>
    </div>
  );
}

function threadCount({ threads }: BackendStatus): string {
  return threads === 1 ? "1 thread" : `${threads} threads`;
}
