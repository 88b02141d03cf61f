import type { WasmInfo } from "@tfblocks/wasm";
import type { JSX } from "preact";
import { Term } from "../../ui/term.js";
import { explainMachine } from "./explain-machine.js";

/** What the machine and the browser offer, in plain words. */
export function MachinePanel({ info }: { readonly info: WasmInfo }): JSX.Element {
  return (
    <section class="panel" id="machine" aria-labelledby="machine-title">
      <header class="panel-head">
        <h2 id="machine-title">What this browser offers</h2>
        <p class="teaches">
          Everything on this page is computed on your processor, in WebAssembly. How fast that is depends on a few abilities of the browser.
        </p>
      </header>
      <dl class="machine-facts">
        {explainMachine(info, navigator.hardwareConcurrency).map(({ name, term, value, isGood, meaning, advice }) => (
          <div key={name} data-good={isGood}>
            <dt>{term === undefined ? name : <Term name={term}>{name}</Term>}</dt>
            <dd class="machine-value">{value}</dd>
            <dd>
              {meaning} {advice !== undefined && <strong>{advice}</strong>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
