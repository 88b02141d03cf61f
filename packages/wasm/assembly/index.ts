export { packedKeysBytes } from "./attention";
export { backwardBytes } from "./backward-workspace";
export { forwardBytes } from "./forward-workspace";
export { oneQueryBytes } from "./kernels/attention-one-query";
export { gemmBytes } from "./kernels/gemm";
export { argumentsOffset, controlBytes, jobBytes, runAlone, runJobs, runShared, serve, stop } from "./pool";
