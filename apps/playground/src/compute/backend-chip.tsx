import type { WasmInfo } from "@tfblocks/wasm";
import type { JSX } from "preact";
import type { Compute } from "./compute-client.js";
import { describeBackend, explainBackend, summarizeBackend } from "./describe-backend.js";

/** A summary of the backend that opens to show the details. */
export function BackendChip({ compute }: { readonly compute: Pick<Compute, "state"> }): JSX.Element {
  const state = compute.state.value;
  if (state.phase === "starting") {
    return (
      <span class="chip" role="status">
        Starting the backend …
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
  const { info } = state;
  return (
    <details class="chip-details">
      <summary class="chip" data-threads={info.threads.got} data-isolated={info.crossOriginIsolated}>
        <span class="chip-dot" aria-hidden="true" /> {summarizeBackend(info)}
      </summary>
      <BackendCard info={info} />
    </details>
  );
}

function BackendCard({ info }: { readonly info: WasmInfo }): JSX.Element {
  return (
    <div class="card" id="backend-card">
      <dl>
        {describeBackend(info).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      {explainBackend(info).map((sentence) => (
        <p>{sentence}</p>
      ))}
      <p>Everything is computed in this page, in a worker. No data leaves your browser.</p>
    </div>
  );
}
