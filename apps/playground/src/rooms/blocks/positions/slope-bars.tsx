import type { JSX } from "preact";
import { DataTable } from "../../../ui/data-table.js";
import { formatNumber } from "../../../ui/format.js";

/** The slope of each head as a bar, and the distance at which it lowers a score by 1. */
export function SlopeBars({ slopes }: { readonly slopes: Float32Array }): JSX.Element {
  const max = Math.max(...slopes);
  return (
    <DataTable label="Slopes of the heads" kind="head-numbers" columns={["Head", "Slope", "−1 at distance"]}>
      {Array.from(slopes, (slope, head) => (
        <tr key={head}>
          <th scope="row">Head {head}</th>
          <td>
            {formatNumber(slope)}
            <span class="bar" style={{ "--share": slope / max }} aria-hidden="true" />
          </td>
          <td>{formatNumber(1 / slope)} positions</td>
        </tr>
      ))}
    </DataTable>
  );
}
