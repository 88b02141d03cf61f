import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { DataTable } from "../../../ui/data-table.js";
import { formatNumber, visibleToken } from "../../../ui/format.js";
import { Panel } from "../../../ui/panel.js";
import { TensorMap } from "../../../ui/tensor-map.js";
import { tone } from "../../../ui/theme.js";
import { activeUnits } from "./active-units.js";
import type { FeedForwardPicture } from "./picture.js";

/** Number of units that are listed for each token. */
const listed = 3;

/** The hidden units that each token activates. */
export function HiddenUnitsPanel({ picture }: { readonly picture: FeedForwardPicture }): JSX.Element {
  const { active, hiddenDim, tokens } = picture;
  const scale = useMemo(() => signedScale(active, tone.value), [active, tone.value]);
  const data = useMemo(() => ({ rows: tokens.length, columns: hiddenDim, values: active }), [picture]);
  return (
    <Panel
      id="hidden-units"
      title="Active hidden units"
      teaches="Rows are tokens, columns are hidden units after the activation. Different tokens activate different units."
      question="Does the same word at two positions activate the same units? Compare ReLU with GELU: how many units are exactly 0?"
    >
      <TensorMap
        label="Hidden units after the activation: rows are tokens, columns are hidden units"
        data={data}
        scale={scale}
        rowNames={tokens}
        rowName="token"
        columnName="hidden unit"
        legend="activation"
      />
      <DataTable label="Active units of each token" columns={["Token", "Active", "Strongest"]} height="tall-table">
        {tokens.map((token, index) => (
          <TokenRow key={index} picture={picture} token={token} index={index} />
        ))}
      </DataTable>
      <p class="hint">A unit is active if its magnitude is at least a tenth of the token's largest.</p>
    </Panel>
  );
}

function TokenRow({
  picture: { active, hiddenDim },
  token,
  index,
}: {
  readonly picture: FeedForwardPicture;
  readonly token: string;
  readonly index: number;
}): JSX.Element {
  const { count, strongest } = activeUnits(active, hiddenDim, index, listed);
  return (
    <tr>
      <th scope="row">
        <bdi class="token">{visibleToken(token)}</bdi>
      </th>
      <td>
        {count} of {hiddenDim}
      </td>
      <td>{strongest.map(({ unit, value }) => `${unit}: ${formatNumber(value)}`).join(", ") || "none"}</td>
    </tr>
  );
}
