import type { ExportFiles } from "../../exports/export-files.js";
import type { RoomProps } from "../room.js";

/** The properties of the view of a block. */
export interface BlockProps extends RoomProps {
  readonly exports: ExportFiles;
}
