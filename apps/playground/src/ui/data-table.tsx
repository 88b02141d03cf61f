import type { ComponentChildren, JSX } from "preact";

interface DataTableProps {
  /** The description for screen readers. */
  readonly label: string;
  /** The column headers; the first one is above the row headers. */
  readonly columns: readonly string[];
  /** CSS class of the table. */
  readonly kind?: string;
  /** CSS class that limits the height. */
  readonly height?: string;
  readonly children: ComponentChildren;
}

/** A table in a box that scrolls if the table is too large. The box can be focused, so that the arrow keys scroll it. */
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
