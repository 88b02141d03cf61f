import type { ModelId } from "../model-id.js";

/** A model of the reader: the files of a Hugging Face folder. Plain data; the browser reads the files when they are needed. */
export interface OwnModel {
  readonly id: ModelId;
  readonly title: string;
  /** By their names in the folder. */
  readonly files: ReadonlyMap<string, Blob>;
}

/** Characters of a title. */
export const longestTitle = 60;

/** The size of the files together. */
export function bytesOf({ files }: Pick<OwnModel, "files">): number {
  return [...files.values()].reduce((sum, { size }) => sum + size, 0);
}

/** A size as people read it: "92 MB". */
export function shownBytes(bytes: number): string {
  if (bytes < 1e3) return `${bytes} bytes`;
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, "kB"] : bytes < 1e9 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
