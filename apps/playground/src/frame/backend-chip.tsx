import type { WasmInfo } from "@tfblocks/wasm";
import type { ComponentChildren, JSX } from "preact";
import type { Compute } from "../compute/compute-client.js";
import { countThreads, describeBackend, explainBackend, nameKernels } from "../compute/describe-backend.js";
import type { TermName } from "../ui/glossary.js";
import { Term } from "../ui/term.js";

interface BackendChipProps {
  readonly compute: Pick<Compute, "state">;
  /** Shown below the details of the backend. */
  readonly children: ComponentChildren;
}

/** A summary of the backend that opens to show the details. */
export function BackendChip({ compute, children }: BackendChipProps): JSX.Element {
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
        Nothing can be computed
      </span>
    );
  }
  const { info } = state;
  return (
    <details class="chip-details">
      <summary class="chip" data-threads={info.threads.got} data-isolated={info.crossOriginIsolated}>
        <span class="chip-dot" aria-hidden="true" /> <span class="chip-more">{nameKernels(info)} ·</span> {countThreads(info)}
      </summary>
      <BackendCard info={info}>{children}</BackendCard>
    </details>
  );
}

/** Which properties the glossary explains. */
const terms: Readonly<Record<string, TermName>> = { Backend: "wasm", SIMD: "simd", Threads: "thread" };

function BackendCard({ info, children }: { readonly info: WasmInfo; readonly children: ComponentChildren }): JSX.Element {
  return (
    <div class="card" id="backend-card">
      <dl>
        {describeBackend(info).map(([name, value]) => (
          <>
            <dt>{terms[name] === undefined ? name : <Term name={terms[name]}>{name}</Term>}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
      {explainBackend(info).map((sentence) => (
        <p>{sentence}</p>
      ))}
      {children}
      <p>Everything is computed in this page, in a worker. No data leaves your browser.</p>
    </div>
  );
}
