export {
  attentionGradientOracle,
  attentionOracle,
  type OracleGradients,
  type OracleInput,
  type OracleOutput,
} from "./attention/attention-oracle.js";
export {
  type BackendName,
  backendNames,
  conformanceBackendNames,
  countsMemory,
  fusedBackendNames,
  startWasm,
  useBackend,
} from "./backends.js";
export { describeAttention } from "./attention/describe-attention.js";
export { describeBlock, type BlockCase } from "./describe-block.js";
export { describeTorchAttention, describeTorchMultiHeadAttention } from "./describe-torch-fixtures.js";
export { expectFlatResources, type Resources, resources } from "./flat-resources.js";
export type { FuzzCase, FuzzInputs, FuzzRow } from "./fuzz/fuzz-case.js";
export type { FuzzTensor } from "./fuzz/fuzz-tensor.js";
export { elementwiseSweep } from "./sweep/elementwise-sweep.js";
export { imageSweep } from "./sweep/image-sweep.js";
export { layoutSweep } from "./sweep/layout-sweep.js";
export { listSweep } from "./sweep/list-sweep.js";
export { type SweepDifference, sweepKernels } from "./sweep/run-sweep.js";
export type { SweepCase } from "./sweep/sweep-case.js";
export { fuzzRows } from "./fuzz/fuzz-rows.js";
export { FuzzSource } from "./fuzz/fuzz-source.js";
export { fuzzKernel, fuzzTensors } from "./fuzz/run-fuzz.js";
export { scaledTolerance } from "./fuzz/tolerances.js";
export { allowLeaks } from "./leak-check.js";
export { checkGradients, type GradientCheckOptions } from "./gradient-check.js";
export { registerOracleKernels } from "./oracle-kernels.js";
export { erf, mapRows, oddColumns, randomNumbers, rowsOf, slope } from "./row-cases.js";
export { expectSameBits, expectSameBitsOfTwins } from "./same-bits.js";
export { contentsOf, stateOfShapes } from "./state-dicts.js";
export { type TinyModel, tinyBlocks, tinyPlain, tinySizes } from "./tiny-models.js";
export { train, type TrainingRun } from "./train.js";
export { use } from "./use.js";
export { expectClose, expectNewTensors, fixtureTensor, float32Tolerance, randomTensor, type Tolerance } from "./tensors.js";
