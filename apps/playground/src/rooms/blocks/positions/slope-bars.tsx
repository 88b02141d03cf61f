import type { JSX } from "preact";
import type { Saving } from "../../../exports/saving.js";
import { DataTable } from "../../../ui/data-table.js";
import { ExportMenu } from "../../../ui/export-menu.js";
import { formatNumber } from "../../../ui/format.js";
import { tone } from "../../../ui/theme.js";

/** The slope of each head as a bar, and the distance at which it lowers a score by 1. */
export function SlopeBars({ slopes, saving }: { readonly slopes: Float32Array; readonly saving: Saving }): JSX.Element {
  const max = Math.max(...slopes);
  const bars = Array.from(slopes, (value, head) => ({ name: `Head ${head}`, value }));
  const title = `${saving.subject}: slopes of the heads`;
  return (
    <>
      <div class="gallery-tools">
        <ExportMenu what="the slopes" files={saving.exports.ofBars("slopes", bars, { title, tone: tone.value })} />
      </div>
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
    </>
  );
}
