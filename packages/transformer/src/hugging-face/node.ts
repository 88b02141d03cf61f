export { loadFolder } from "./load-folder.js";
export type { FolderFiles } from "./folder-files.js";
export type { FolderContents, LoadFolderOptions, PretrainedFolder } from "./load-from.js";
export { saveFolder, type SaveFolderOptions } from "./save-folder.js";
