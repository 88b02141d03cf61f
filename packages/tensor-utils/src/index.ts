export {
  AllocationError,
  ArgumentError,
  type ArgumentFault,
  DisposedError,
  DTypeError,
  PropertyError,
  ShapeError,
  ValueError,
} from "./errors.js";
export { checkInteger, checkShapes, checkTensor, type Dimensions, type NamedLayout } from "./check-shapes.js";
export { describeValue } from "./describe-value.js";
export { hold, own, scope } from "./scope.js";
