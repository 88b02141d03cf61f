import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { signedScale } from "../../../color/color-scale.js";
import { DataTable } from "../../../ui/data-table.js";
import { formatNumber, visibleToken } from "../../../ui/format.js";
import { Panel } from "../../../ui/panel.js";
import { TensorMap } from "../../../ui/tensor-map.js";
import { tone } from "../../../ui/theme.js";
import { firingOf } from "./firing.js";
import type { FeedForwardPicture } from "./picture.js";

const named = 3;

/** Which hidden numbers each token wakes. */
export function FiringPanel({ picture }: { readonly picture: FeedForwardPicture }): JSX.Element {
  const { fired, hiddenDim, tokens } = picture;
  const scale = useMemo(() => signedScale(fired, tone.value), [fired, tone.value]);
  const data = useMemo(() => ({ rows: tokens.length, columns: hiddenDim, values: fired }), [picture]);
  return (
    <Panel
      id="firing"
      title="Which hidden numbers fire"
      teaches="A row is a token, a column a hidden number after the activation. Different tokens wake different ones; a trained network uses that to recognise what a token is about."
      question="Does the same word at two places wake the same hidden numbers? Compare ReLU with GELU: how many stay exactly 0?"
    >
      <TensorMap
        label="Hidden numbers after the activation: rows are tokens, columns hidden numbers"
        data={data}
        scale={scale}
        rowNames={tokens}
        rowName="token"
        columnName="hidden number"
        legend="activation"
      />
      <DataTable label="What fires for each token" columns={["Token", "Fire", "Strongest"]} height="tall-table">
        {tokens.map((token, index) => (
          <FiringRow key={index} picture={picture} token={token} index={index} />
        ))}
      </DataTable>
      <p class="hint">A hidden number fires when it has at least a tenth of the magnitude of the token's strongest.</p>
    </Panel>
  );
}

function FiringRow({
  picture: { fired, hiddenDim },
  token,
  index,
}: {
  readonly picture: FeedForwardPicture;
  readonly token: string;
  readonly index: number;
}): JSX.Element {
  const { count, strongest } = firingOf(fired, hiddenDim, index, named);
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
