import type { JSX } from "preact";
import { CellOrigin } from "../../ui/cell-origin.js";
import { ExportMenu } from "../../ui/export-menu.js";
import { headName } from "../../ui/head-name.js";
import { NamedToken } from "../../ui/named-token.js";
import { Panel } from "../../ui/panel.js";
import { Term } from "../../ui/term.js";
import { LiveLine } from "../../ui/live-line.js";
import { originFiles } from "./origin-files.js";
import type { ExploreState } from "./state.js";
import type { StateProps } from "./state-props.js";

/** Where the weight of the pinned cell comes from. */
export function OriginPanel({ state }: StateProps): JSX.Element {
  return (
    <Panel
      id="origin"
      title="Where does this number come from?"
      teaches={
        <>
          A weight starts as the <Term name="dotProduct">dot product</Term> of a <Term name="query">query</Term> and a{" "}
          <Term name="key">key</Term>. It is scaled, masked, and compared with the other <Term name="score">scores</Term> of its row by the{" "}
          <Term name="softmax">softmax</Term>. It then decides how much of the <Term name="value">value</Term> is passed on.
        </>
      }
      question="Which dimension contributes most to the dot product? Is it the same for another key of the row?"
    >
      {state.pinned.value === undefined ? (
        <p class="empty">No cell is pinned. Click a cell of the map, or focus it and press Enter.</p>
      ) : (
        <PinnedCell state={state} />
      )}
    </Panel>
  );
}

function PinnedCell({ state }: StateProps): JSX.Element {
  const pinned = state.pinned.value!;
  const { rowTokens, columnTokens, place } = state.readings.head.answered.value!.result;
  return (
    <div class="origin">
      <p class="origin-title">
        <span>
          <NamedToken token={rowTokens[pinned.query] ?? ""} position={pinned.query} /> →{" "}
          <NamedToken token={columnTokens[pinned.key] ?? ""} position={pinned.key} /> in {headName(place)}
        </span>
        <button type="button" class="plain-button" aria-label="Unpin the cell" onClick={() => state.pin(undefined)}>
          × unpin
        </button>
      </p>
      <LiveLine live={state.readings.cell} what="Computing the numbers" />
      <ReadCell state={state} />
    </div>
  );
}

/** The numbers of the pinned cell; those of the last one until they are there. */
function ReadCell({ state }: { readonly state: ExploreState }): JSX.Element | null {
  const answered = state.readings.cell.answered.value;
  const shown = state.readings.head.answered.value;
  if (answered === undefined || shown === undefined || answered.input.input !== shown.input.input) return null;
  const tokens = { queryTokens: shown.result.rowTokens, keyTokens: shown.result.columnTokens };
  return (
    <>
      <div class="gallery-tools">
        <ExportMenu what="these numbers" files={originFiles(state.info.value?.title ?? "", answered.result, tokens)} />
      </div>
      <CellOrigin cell={answered.result} {...tokens} onChooseKey={(key) => state.pin({ query: answered.input.query, key })} />
    </>
  );
}
