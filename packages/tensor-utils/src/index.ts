export { guardAllocation, maxTensorBytes } from "./allocation.js";
export {
  assignState,
  type Block,
  disposeParts,
  joinBuffers,
  joinParameters,
  parameter,
  type ParameterMap,
  type Part,
  type Parts,
  snapshot,
  type StateDict,
  StateDictError,
  type StateDictOptions,
} from "./block.js";
export { borrowed, overriddenMethods, probe, type ProbedCall } from "./borrowed.js";
export { broadcast } from "./broadcast.js";
export { building } from "./building.js";
export {
  checkFinite,
  checkInteger,
  checkNumber,
  checkPositive,
  checkRate,
  checkSeed,
  dropoutSeed,
  isFiniteFloat,
  isPositive,
} from "./check-number.js";
export { checkShapes, checkTensor, type Dimensions, type NamedLayout } from "./check-shapes.js";
export { Composite } from "./composite.js";
export { describeValue } from "./describe-value.js";
export { dropoutFactors, type WeightDropout } from "./dropout.js";
export { type ElementTarget, elementTarget } from "./element-target.js";
export { embedding } from "./embedding.js";
export {
  AllocationError,
  ArgumentError,
  type ArgumentFault,
  DisposedError,
  DTypeError,
  PropertyError,
  ShapeError,
  UnknownNameError,
  ValueError,
} from "./errors.js";
export {
  type Initializer,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  lecunUniform,
  normalInit,
  onesInit,
  packedXavierUniform,
  torchLinearWeight,
  type TruncatedNormalOptions,
  truncatedNormalInit,
  uniformInit,
  xavierNormal,
  xavierUniform,
  zerosInit,
} from "./initializers.js";
export { linear, Linear, type LinearSizes, type Projection } from "./linear.js";
export { broadcastShapes, matmul, type MatmulOptions } from "./matmul.js";
export {
  checkObject,
  checkBlock,
  checkFlag,
  checkOptions,
  checkPair,
  type Complete,
  type Defaults,
  derived,
  type OptionNames,
  size,
  withDefaults,
} from "./options.js";
export { permute } from "./permute.js";
export { Random, unsetRandom } from "./random.js";
export { readRange } from "./read-range.js";
export { readsWithoutStalling } from "./reads-without-stalling.js";
export { refuse } from "./refuse.js";
export { type Replace, replaceParts } from "./replace-parts.js";
export { hold, own, scope } from "./scope.js";
export { sumTo } from "./sum-to.js";
export { takeOver } from "./take-over.js";
export { threefry2x32 } from "./threefry.js";
export { type Differentiable, withGradient } from "./with-gradient.js";
export { walkParts } from "./walk-parts.js";
export { freeTape } from "./free-tape.js";
