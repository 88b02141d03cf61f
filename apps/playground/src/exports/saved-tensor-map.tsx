import type { ComponentChildren, JSX } from "preact";
import { ExportMenu } from "../ui/export-menu.js";
import { Legend } from "../ui/legend.js";
import { TensorMap, type TensorMapProps } from "../ui/tensor-map.js";
import { tone } from "../ui/theme.js";
import type { Saving } from "./saving.js";

interface SavedTensorMapProps extends TensorMapProps {
  readonly saving: Saving;
  /** What the matrix is called in its files, for example "hidden units". */
  readonly title: string;
  /** What the numbers are, for example "activation". */
  readonly unit: string;
  /** The settings of the matrix, shown above it. */
  readonly children?: ComponentChildren;
}

/** A matrix of signed numbers with the files in which it can be saved. */
export function SavedTensorMap({ saving: { exports, subject }, title, unit, children, ...map }: SavedTensorMapProps): JSX.Element {
  const { data, scale, rowNames, columnNames, rowName, columnName } = map;
  const files = exports.ofValues({
    title: `${subject}: ${title}`,
    unit,
    data,
    axes: [rowName, columnName],
    rowNames,
    columnNames,
    tone: tone.value,
    signed: true,
  });
  return (
    <>
      <div class="gallery-tools">
        {children}
        <Legend title={unit} scale={scale} masked={undefined} />
        <ExportMenu what={title} files={files} />
      </div>
      <TensorMap {...map} />
    </>
  );
}
