export { loadFolder } from "./load-folder.js";
export type { FolderContents, FolderFiles } from "./folder-files.js";
export type { LoadFolderOptions, PretrainedFolder } from "./load-from.js";
export { saveFolder, type SaveFolderOptions } from "./save-folder.js";
