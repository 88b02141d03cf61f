import type { ComponentChildren, JSX } from "preact";

interface DataTableProps {
  /** What the table holds, for the ear. */
  readonly label: string;
  /** Heads of the columns; the first is over the heads of the rows. */
  readonly columns: readonly string[];
  /** Class of the table. */
  readonly kind?: string;
  /** Class that says how high it may grow. */
  readonly height?: string;
  /** Its rows. */
  readonly children: ComponentChildren;
}

/** A table in a box that scrolls where it is too wide or too high; a tab stop, so that the arrow keys scroll it too. */
export function DataTable({ label, columns, kind, height = "", children }: DataTableProps): JSX.Element {
  return (
    <div class={`table-scroll ${height}`} tabIndex={0} role="group" aria-label={label}>
      <table class={kind}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
