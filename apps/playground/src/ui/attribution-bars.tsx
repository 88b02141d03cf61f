import type { JSX } from "preact";
import type { HeadPlace } from "../models/model-info.js";
import type { AttributionReading } from "../reading/readings.js";
import { formatNumber } from "./format.js";

interface AttributionBarsProps {
  readonly attribution: AttributionReading;
  /** The most parts that have a bar of their own; the others share one. */
  readonly most?: number;
  /** Called when the reader chooses a head. */
  readonly onChoose?: (place: HeadPlace) => void;
}

type Component = AttributionReading["components"][number];

/** What each part of a model adds to a logit or takes from it: signed bars around 0, the largest first. They sum to the logit. */
export function AttributionBars({ attribution: { components, logit }, most = 14, onChoose }: AttributionBarsProps): JSX.Element {
  const bars = largestComponents(components, most);
  const largest = bars.reduce((magnitude, { value }) => Math.max(magnitude, Math.abs(value)), 0) || 1;
  return (
    <table class="logit-bars">
      <thead class="spoken">
        <tr>
          <th scope="col">Part</th>
          <th scope="col">Adds</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ name, place, value }) => (
          <tr key={name}>
            <th scope="row">
              {place === null || onChoose === undefined ? (
                name
              ) : (
                <button type="button" class="row-button" onClick={() => onChoose(place)}>
                  {name}
                </button>
              )}
            </th>
            <td>
              <span class="logit-bar" style={{ "--share": value / largest }} data-negative={value < 0} aria-hidden="true" />
              <span class="logit-number">{formatNumber(value)}</span>
            </td>
          </tr>
        ))}
        <tr class="logit-sum">
          <th scope="row">sum: the logit</th>
          <td>
            <span class="logit-number">{formatNumber(logit)}</span>
          </td>
        </tr>
      </tbody>
    </table>
  );
}

/** The components with the largest magnitudes, largest first, and the sum of the others as one. */
export function largestComponents(components: readonly Component[], most: number): readonly Component[] {
  const sorted = components.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  if (sorted.length <= most) return sorted;
  const others = sorted.slice(most);
  const value = others.reduce((sum, each) => sum + each.value, 0);
  return [...sorted.slice(0, most), { name: others.length === 1 ? "1 other part" : `${others.length} other parts`, place: null, value }];
}
