import { dispose, engine, mul, ones, reshape, type Scalar, sum, Tensor } from "@tensorflow/tfjs-core";
import { type Composite, describeValue, freeTape, refuse, scope, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import "@tfblocks/tensor-utils/gradients";
import { headsOf } from "../edits/sites.js";
import { type Edit, editSite, withEdits } from "../edits/with-edits.js";
import type { AttentionPart } from "../models/attentions.js";

/** A batch: a tensor whose first axis is the batch, or several such tensors. */
export type Batch = Tensor | readonly Tensor[];

/** The loss of each sequence of a batch, `[batch]`. It must be differentiable, and no sequence may affect the loss of another. */
export type SequenceLosses<Model, Inputs extends Batch> = (model: Model, inputs: Inputs) => Tensor;

/** The gradients of the loss of each sequence with respect to its gates. */
export interface GateGradients {
  readonly lossSum: number;
  /** For each attention, for each sequence: one number for each head. */
  readonly gradients: readonly (readonly (readonly number[])[])[];
}

const operation = "headImportance";

/**
 * Each sequence has its own gates `[batch, heads]` in each attention, so that one backward pass of the sum of the losses gives the
 * gradient of every sequence.
 */
export async function gateGradients<Model extends Composite, Inputs extends Batch>(
  model: Model,
  parts: readonly AttentionPart[],
  inputs: Inputs,
  losses: SequenceLosses<Model, Inputs>,
): Promise<GateGradients> {
  const batch = batchSize(inputs);
  const { loss, gradients } = scope(() => {
    const gates = parts.map(({ attention }) => ones([batch, attention.numHeads]));
    const edits = parts.map((part, at) => gate(part, gates[at]!));
    return differentiate(gates, () => sum(checkedLosses(losses(withEdits(model, edits), inputs), batch)));
  });
  try {
    const read = await Promise.all(gradients.map(async (each) => each?.data()));
    const numbers = read.map((each, at) => [...(each ?? new Float32Array(batch * parts[at]!.attention.numHeads))]);
    const lossSum = (await loss.data())[0]!;
    checkFiniteNumbers([lossSum, ...numbers.flat()]);
    return { lossSum, gradients: numbers.map((each) => rowsOf(each, batch)) };
  } finally {
    dispose([loss, ...gradients.filter((each) => each !== undefined)]);
  }
}

/** A loss and its gradients; undefined for a variable that the loss does not depend on. */
function differentiate(variables: Tensor[], loss: () => Scalar): { loss: Scalar; gradients: (Tensor | undefined)[] } {
  try {
    const { value, grads } = engine().gradients(loss, variables, undefined, true);
    return { loss: value, gradients: grads };
  } catch (error) {
    freeTape();
    throw error;
  }
}

/** Multiplies the output of each head by its gate. */
function gate({ name, attention }: AttentionPart, gates: Tensor): Edit {
  return editSite(operation, headsOf(name), (value) => {
    const [batch, length, width] = value.shape as [number, number, number];
    const [sequences, heads] = [gates.shape[0]!, attention.numHeads];
    if (batch !== sequences) refuse(ShapeError, operation, "losses", `a function that applies the model to ${sequences} sequences`, batch);
    const perHead = reshape(value, [batch, length, heads, width / heads]);
    return reshape(mul(perHead, reshape(gates, [batch, 1, heads, 1])), value.shape);
  });
}

function batchSize(inputs: Batch): number {
  const first: unknown = inputs instanceof Tensor ? inputs : inputs?.[0];
  if (first instanceof Tensor && first.rank > 0) return first.shape[0]!;
  return refuse(ValueError, operation, "batches", "tensors [batch, …]", describeValue(first));
}

function checkedLosses(losses: Tensor, batch: number): Tensor {
  const shape = losses instanceof Tensor ? losses.shape : undefined;
  if (shape?.length === 1 && shape[0] === batch) return losses;
  const expected = `a function that returns [${batch}], one loss for each sequence`;
  return refuse(ShapeError, operation, "losses", expected, shape === undefined ? describeValue(losses) : `[${shape.join(", ")}]`);
}

function checkFiniteNumbers(numbers: readonly number[]): void {
  const wrong = numbers.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) refuse(ValueError, operation, "losses", "finite and have finite gradients", wrong);
}

function rowsOf(values: readonly number[], rows: number): readonly (readonly number[])[] {
  const width = values.length / rows;
  return Array.from({ length: rows }, (_, row) => values.slice(row * width, (row + 1) * width));
}
