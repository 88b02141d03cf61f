import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { SafetensorsSource } from "@tfblocks/weights";
import { type FolderSource, type FoundFile, refuseRead } from "./folder-files.js";
import { weightNames } from "./load-from.js";

/**
 * The files of a folder that somebody has picked: by their names in the folder, or as `<input type="file">` gives them, with
 * `webkitdirectory` or without.
 */
export type PickedFiles = ReadonlyMap<string, Blob> | readonly File[];

/** The folder of picked files. @throws ValueError when the value is not such files */
export function pickedFolder(picked: PickedFiles): FolderSource & { readonly files: ReadonlyMap<string, Blob> } {
  const files = filesByName(picked);
  return { folder: folderOf(picked), at: (name) => name, read: (name, maxBytes) => readPicked(files, name, maxBytes), files };
}

function filesByName(picked: PickedFiles): ReadonlyMap<string, Blob> {
  const entries = Array.isArray(picked) ? picked.map((file: File) => [nameOf(file), file] as const) : picked;
  const files = entries instanceof Map || Array.isArray(entries) ? [...(entries as Iterable<readonly [string, Blob]>)] : [];
  const isFile = ([name, file]: readonly [unknown, unknown]) => typeof name === "string" && file instanceof Blob;
  if (files.length > 0 && files.every(isFile)) return new Map(files);
  const expected = "an address, or the files of a folder: a Map of names and Blobs, or a list of Files";
  return refuse(ValueError, "loadFolder", "source", expected, files.length > 0 ? "something else" : describeValue(picked));
}

/** The name in the folder: without that of the folder itself, which an input with `webkitdirectory` gives. */
function nameOf(file: unknown): string | undefined {
  if (!(file instanceof File)) return undefined;
  return pathOf(file).split("/").slice(1).join("/") || file.name;
}

function folderOf(picked: PickedFiles): string {
  return Array.isArray(picked) ? pathOf(picked[0] as File).split("/")[0]! : "";
}

/** `folder/config.json` in a browser, if a folder was picked; otherwise "". */
function pathOf(file: File): string {
  return (file as { readonly webkitRelativePath?: string }).webkitRelativePath ?? "";
}

async function readPicked(files: ReadonlyMap<string, Blob>, name: string, maxBytes: number): Promise<FoundFile> {
  const file = files.get(name);
  if (file === undefined) return { absent: "not among the files" };
  if (file.size > maxBytes) refuseRead(name, maxBytes, `${name} of ${file.size} bytes`);
  const bytes = await file.arrayBuffer().catch((error: unknown) => refuseRead(name, maxBytes, `${name}: ${String(error)}`));
  return { bytes: new Uint8Array(bytes) };
}

/** The weights among the files of a folder, which are read by ranges. @throws ValueError when there are none */
export function findPickedWeights(files: ReadonlyMap<string, Blob>): SafetensorsSource {
  const name = weightNames.find((each) => files.has(each));
  if (name === undefined) {
    const names = [...files.keys()].slice(0, 12).join(", ");
    return refuse(ValueError, "loadFolder", "source", `files with ${weightNames.join(" or ")}`, `${files.size}: ${names}`);
  }
  if (name === "model.safetensors") return files.get(name)!;
  // A File that is made of a Blob refers to its bytes.
  return [...files].filter(([each]) => !each.includes("/")).map(([each, file]) => new File([file], each));
}
