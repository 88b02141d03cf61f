import type { JSX } from "preact";

/** What the cells of a mask mean. @param hasSome whether there are cells of which only some pairs are visible */
export function MaskLegend({ hasSome, names = cellNames }: { readonly hasSome: boolean; readonly names?: typeof cellNames }): JSX.Element {
  return (
    <div class="legend">
      <span class="legend-masked">
        <span class="mask-swatch all" aria-hidden="true" /> {names.all}
      </span>
      {hasSome && (
        <span class="legend-masked">
          <span class="mask-swatch some" aria-hidden="true" /> {names.some}
        </span>
      )}
      <span class="legend-masked">
        <span class="masked-swatch" aria-hidden="true" /> {names.none}
      </span>
    </div>
  );
}

const cellNames = { all: "visible", some: "partly visible", none: "hidden" };
