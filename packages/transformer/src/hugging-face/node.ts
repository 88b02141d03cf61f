export { loadFolder, type LoadFolderOptions, type PretrainedFolder } from "./load-folder.js";
export { saveFolder, type SaveFolderOptions } from "./save-folder.js";
