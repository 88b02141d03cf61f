export { attentionGradientOracle, attentionOracle, type OracleGradients, type OracleInput, type OracleOutput } from "./attention-oracle.js";
export { type BackendName, backendNames, countsMemory, fusedBackendNames, servedWasmPaths, useBackend } from "./backends.js";
export { type AttentionSizes, describeAttention } from "./describe-attention.js";
export { describeBlock, type BlockCase } from "./describe-block.js";
export { describeTorchAttention, describeTorchMultiHeadAttention } from "./describe-torch-fixtures.js";
export { expectFlatResources, type Resources, resources } from "./flat-resources.js";
export { checkGradients, type GradientCheckOptions } from "./gradient-check.js";
export { registerOracleKernels } from "./oracle-kernels.js";
export { expectClose, expectNewTensors, fixtureTensor, float32Tolerance, randomTensor, type Tolerance } from "./tensors.js";
