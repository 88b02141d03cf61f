import { Tensor, tensor } from "@tensorflow/tfjs-core";
import { checkTensor, PropertyError, refuse, ShapeError } from "@tfblocks/tensor-utils";
import { LeakError, type LeakCounterexample } from "./leak-error.js";
import type { Subject } from "./subject.js";

/** Whether a position of a batch element is selected. */
type Where = (batch: number, position: number) => boolean;
/** The function under test, as a function of its input only. */
export type Probed = (x: Tensor) => Tensor | Promise<Tensor>;

/** Which inputs change, as data and in words. */
interface Change {
  readonly where: Where;
  readonly changed: LeakCounterexample["changed"];
  readonly expected: string;
}

/** Changes some inputs, and throws when an output changes that must not depend on them. */
export type ExpectUnchanged = (protectedPlaces: Where, change: Change) => Promise<void>;

/** Runs the function twice on the unchanged input, since what differs then is no leak, and gives the comparison with it. */
export async function startProbe(subject: Subject, fn: Probed): Promise<ExpectUnchanged> {
  const { operation, tolerance } = subject;
  const baseline = await evaluate(subject, fn, subject.values);
  const { difference } = compare(subject, baseline, await evaluate(subject, fn, subject.values), () => true);
  if (difference > tolerance) {
    refuse(
      PropertyError,
      operation,
      "output",
      "the same for the same input",
      `a change of ${Number(difference.toPrecision(3))}`,
      "turn off dropout or give it a seed",
    );
  }
  return async (protectedPlaces, { where, changed, expected }) => {
    const found = compare(subject, baseline, await evaluate(subject, fn, perturb(subject, where)), protectedPlaces);
    if (found.difference > tolerance) throw new LeakError(operation, expected, { changed, ...found });
  };
}

async function evaluate({ operation, shape }: Subject, fn: Probed, values: Subject["values"]): Promise<ArrayLike<number>> {
  const x = tensor(values, [...shape], values instanceof Int32Array ? "int32" : "float32");
  let output: Tensor | undefined;
  try {
    output = await fn(x);
    checkTensor(operation, "output", output, output?.dtype);
    if (output.shape[0] === shape[0] && output.shape[1] === shape[1]) return (await output.data()).slice();
    return refuse(ShapeError, operation, "output", `[${shape[0]}, ${shape[1]}, ...]`, `[${output.shape.join(", ")}]`);
  } finally {
    x.dispose();
    if (output instanceof Tensor) output.dispose();
  }
}

function perturb({ values, batch, length, fresh }: Subject, where: Where): Subject["values"] {
  const size = values.length / (batch * length);
  return values.map((value, index) => {
    const row = Math.floor(index / size);
    return where(Math.floor(row / length), row % length) ? fresh(value) : value;
  });
}

/** The largest difference among the selected positions, and its position. */
function compare(
  { batch, length }: Subject,
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  places: Where,
): Pick<LeakCounterexample, "leaked" | "difference"> {
  const size = before.length / (batch * length);
  let worst = { leaked: { batch: 0, position: 0 }, difference: 0 };
  for (let index = 0; index < before.length; index++) {
    const difference = distance(before[index]!, after[index]!);
    if (difference <= worst.difference) continue;
    const row = Math.floor(index / size);
    const leaked = { batch: Math.floor(row / length), position: row % length };
    if (places(leaked.batch, leaked.position)) worst = { leaked, difference };
  }
  return worst;
}

function distance(a: number, b: number): number {
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return 0;
  const difference = Math.abs(a - b);
  return Number.isNaN(difference) ? Infinity : difference;
}
