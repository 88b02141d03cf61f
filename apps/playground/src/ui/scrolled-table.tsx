import type { ComponentChildren, JSX } from "preact";

interface ScrolledTableProps {
  /** What the table holds, for the ear. */
  readonly label: string;
  /** Classes that say how high it may grow. */
  readonly height?: string;
  readonly children: ComponentChildren;
}

/** Room for a table that may be too wide or too high; a tab stop, so that the arrow keys scroll it. */
export function ScrolledTable({ label, height = "", children }: ScrolledTableProps): JSX.Element {
  return (
    <div class={`table-scroll ${height}`} tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}
