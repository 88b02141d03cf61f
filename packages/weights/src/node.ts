export { openSafetensorsFile } from "./node/open-safetensors-file.js";
export { replaceFile, type ReplaceFileOptions } from "./node/replace-file.js";
export { writeSafetensorsFile, type WriteFileOptions } from "./node/write-safetensors-file.js";
