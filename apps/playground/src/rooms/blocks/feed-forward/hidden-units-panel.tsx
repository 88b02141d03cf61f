import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { SavedTensorMap } from "../../../exports/saved-tensor-map.js";
import type { Saving } from "../../../exports/saving.js";
import { DataTable } from "../../../ui/data-table.js";
import { formatNumber, visibleToken } from "../../../ui/format.js";
import { type AnsweredQuestion, Panel } from "../../../ui/panel.js";
import { tone } from "../../../ui/theme.js";
import type { ActiveUnits } from "./active-units.js";
import type { FeedForwardNumbers } from "./picture.js";

interface HiddenUnitsPanelProps {
  readonly picture: FeedForwardNumbers;
  readonly saving: Saving;
  readonly question: string | AnsweredQuestion;
}

/** The hidden units that each token activates. */
export function HiddenUnitsPanel({ picture, saving, question }: HiddenUnitsPanelProps): JSX.Element {
  const { active, hiddenDim, tokens, units } = picture;
  const scale = useMemo(() => signedScale(active, tone.value), [active, tone.value]);
  const data = useMemo(() => ({ rows: tokens.length, columns: hiddenDim, values: active }), [picture]);
  return (
    <Panel
      id="hidden-units"
      title="Active hidden units"
      teaches="Rows are tokens, columns are hidden units after the activation. Different tokens activate different units."
      question={question}
    >
      <SavedTensorMap
        saving={saving}
        title="hidden units"
        label="Hidden units after the activation: rows are tokens, columns are hidden units"
        data={data}
        scale={scale}
        rowNames={tokens}
        rowName="token"
        columnName="hidden unit"
        unit="activation"
      />
      <DataTable label="Active units of each token" columns={["Token", "Active", "Strongest"]} kind="units" height="tall-table">
        {tokens.map((token, index) => (
          <TokenRow key={index} token={token} units={units[index]!} hiddenDim={hiddenDim} />
        ))}
      </DataTable>
      <p class="hint">A unit is active if its magnitude is at least a tenth of the token's largest.</p>
    </Panel>
  );
}

interface TokenRowProps {
  readonly token: string;
  readonly units: ActiveUnits;
  readonly hiddenDim: number;
}

function TokenRow({ token, units: { count, strongest }, hiddenDim }: TokenRowProps): JSX.Element {
  return (
    <tr>
      <th scope="row">
        <bdi class="token">{visibleToken(token)}</bdi>
      </th>
      <td>
        {count} of {hiddenDim}
      </td>
      <td>{strongest.map(({ unit, value }) => `${unit}:\u00a0${formatNumber(value)}`).join(", ") || "none"}</td>
    </tr>
  );
}
