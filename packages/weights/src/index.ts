export type { SafetensorsDType } from "./dtypes.js";
export type { TensorInfo } from "./header.js";
export { openSafetensors, type OpenOptions, type SafetensorsSource } from "./open-safetensors.js";
export type { WriteOptions } from "./plan-safetensors.js";
export type { ReadAllOptions, ReadOptions, ReadProgress, SafetensorsReader } from "./reader.js";
export { SafetensorsError, type SafetensorsFault } from "./safetensors-error.js";
export type { ByteSource } from "./sources/byte-source.js";
export { writeSafetensors } from "./write-safetensors.js";
