export { openSafetensorsFile } from "./node/open-safetensors-file.js";
export { writeSafetensorsFile, type WriteFileOptions } from "./node/write-safetensors-file.js";
