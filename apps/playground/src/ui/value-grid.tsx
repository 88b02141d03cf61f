import { lightness } from "@tfblocks/analysis/colors";
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { colorIndex, type ColorScale } from "../color/color-scale.js";
import { stepCell } from "./step-cell.js";

/** A cell of a grid of values. */
export interface GridValue {
  /** What the cell is, in full: "L0·H3: loss + 0.52". */
  readonly label: string;
  /** What is written in the cell if there is room. */
  readonly text: string;
  /** Null if it is not known. */
  readonly value: number | null;
  /** Whether a chosen or changed thing is marked; undefined in a grid that marks none. */
  readonly isPressed?: boolean;
}

interface ValueGridProps {
  readonly label: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** The cells of each row; undefined where there is none. */
  readonly cells: readonly (readonly (GridValue | undefined)[])[];
  /** The colours of the values; a grid without values needs none. */
  readonly scale?: ColorScale | undefined;
  /** Whether the columns are tokens, whose names stand upright because they are long; default "short". */
  readonly kind?: "short" | "tokens";
  /** Called by a click, Enter or Space; without it the grid is only read. */
  readonly onPick?: (row: number, column: number) => void;
}

type Place = readonly [row: number, column: number];

/** A small matrix of numbers that can be picked, with the colour of its value behind each. One tab stop; the arrow keys move. */
export function ValueGrid({ label, rows, columns, cells, scale, kind = "short", onPick }: ValueGridProps): JSX.Element {
  const place = useRef<Place>([0, 0]);
  const grid = useRef<HTMLTableElement>(null);
  const within = ([row, column]: Place): Place => [Math.min(row, rows.length - 1), Math.min(column, columns.length - 1)];
  const at = within(place.current);
  const elementAt = ([row, column]: Place): HTMLElement | undefined =>
    grid.current?.tBodies[0]?.rows[row]?.querySelectorAll<HTMLElement>("[tabindex]")[column];
  const onFocus = (next: Place): void => {
    elementAt(within(place.current))?.setAttribute("tabindex", "-1"); // without rendering the whole grid again
    elementAt(next)?.setAttribute("tabindex", "0");
    place.current = next;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey) return;
    const next = stepCell(event.key, event.ctrlKey, ...within(place.current), rows.length, columns.length);
    if (next === undefined) return;
    event.preventDefault();
    elementAt(next)?.focus();
  };
  return (
    <div class="value-grid-scroll">
      <table ref={grid} role="grid" class={`value-grid ${kind}`} aria-label={label} onKeyDown={onKeyDown}>
        <ColumnNames columns={columns} />
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              <th scope="row">{row}</th>
              {columns.map((_, column) => (
                <GridCell
                  key={column}
                  cell={cells[index]?.[column]}
                  scale={scale}
                  isStop={at[0] === index && at[1] === column}
                  onFocus={() => onFocus([index, column])}
                  onPick={onPick && (() => onPick(index, column))}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ColumnNames({ columns }: Pick<ValueGridProps, "columns">): JSX.Element {
  return (
    <thead>
      <tr>
        <td />
        {columns.map((column, index) => (
          <th key={index} scope="col" title={column}>
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface GridCellProps {
  readonly cell: GridValue | undefined;
  readonly scale: ColorScale | undefined;
  readonly isStop: boolean;
  readonly onFocus: () => void;
  readonly onPick: (() => void) | undefined;
}

function GridCell({ cell, scale, isStop, onFocus, onPick }: GridCellProps): JSX.Element {
  const tabIndex = isStop ? 0 : -1;
  if (cell === undefined) return <td role="gridcell" class="absent" tabIndex={tabIndex} aria-label="no such head" onFocus={onFocus} />;
  const { label, text, value, isPressed } = cell;
  return (
    <td role="gridcell" aria-selected={isPressed}>
      <button
        type="button"
        class={isPressed ? "value-cell pressed" : "value-cell"}
        style={value === null || scale === undefined ? undefined : colorsOn(scale, value)}
        tabIndex={tabIndex}
        title={label}
        aria-label={label}
        aria-pressed={isPressed}
        aria-disabled={onPick === undefined}
        onFocus={onFocus}
        onClick={onPick}
      >
        <span>{text}</span>
      </button>
    </td>
  );
}

type CellColors = Readonly<Record<"backgroundColor" | "color", string>>;

/** The lightness above which black text has the higher contrast. */
const middleLightness = 0.564;

/** The colour of a value, and that of the text on it. */
export function colorsOn(scale: ColorScale, value: number): CellColors {
  const color = scale.colors[colorIndex(scale, value)]!;
  return { backgroundColor: `rgb(${color.join(" ")})`, color: lightness(color) > middleLightness ? "#000000" : "#ffffff" };
}
