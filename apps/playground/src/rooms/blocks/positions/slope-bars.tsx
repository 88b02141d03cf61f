import type { JSX } from "preact";
import { formatNumber } from "../../../ui/format.js";

/** The slope of each head as a bar, with the distance at which a score has lost 1. */
export function SlopeBars({ slopes }: { readonly slopes: Float32Array }): JSX.Element {
  const most = Math.max(...slopes);
  return (
    <table class="head-numbers">
      <thead>
        <tr>
          <th scope="col">Head</th>
          <th scope="col">Slope</th>
          <th scope="col">One less after</th>
        </tr>
      </thead>
      <tbody>
        {Array.from(slopes, (slope, head) => (
          <tr key={head}>
            <th scope="row">Head {head}</th>
            <td>
              {formatNumber(slope)}
              <span class="bar" style={{ width: `${(100 * slope) / most}%` }} />
            </td>
            <td>{formatNumber(1 / slope)} positions</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
