import { mul, reshape, Tensor } from "@tensorflow/tfjs-core";
import { checkFinite, checkTensor, refuse, ShapeError } from "@tfblocks/tensor-utils";
import type { Site } from "./sites.js";
import { type Edit, editSite } from "./with-edits.js";

/**
 * Gates: the value of a site is multiplied by a number or a tensor. 1 changes nothing, 0 ablates. The gradient in a gate of ones is
 * the head importance of Michel et al. 2019.
 *
 * @param gate a number; a scalar tensor; for a site of heads, `[heads]` or `[batch, heads]` with one gate for each head of the site;
 *   for other sites `[columns]`. A tensor is borrowed: keep it alive while the edited model is in use. Differentiable
 * @throws ValueError when a number is not finite; DTypeError, DisposedError when a tensor is not a live float32 tensor. ShapeError
 *   when the edited model runs and the gate does not fit the site
 */
export function scale(site: Site, gate: number | Tensor): Edit {
  if (gate instanceof Tensor) checkTensor("scale", "gate", gate);
  else checkFinite("scale", "gate", gate);
  return editSite("scale", site, (value, _name, heads) => (gate instanceof Tensor ? gated(value, gate, heads) : mul(value, gate)));
}

function gated(value: Tensor, gate: Tensor, heads: number | undefined): Tensor {
  checkTensor("scale", "gate", gate);
  const [batch, length, columns] = value.shape as [number, number, number];
  const { rank } = gate;
  const last = gate.shape.at(-1);
  if (rank === 0 || (rank === 1 && heads === undefined && last === columns)) return mul(value, gate);
  const isPerHead = heads !== undefined && last === heads && (rank === 1 || (rank === 2 && [1, batch].includes(gate.shape[0]!)));
  if (!isPerHead) refuseGate(gate, heads === undefined ? `[${columns}]` : `[${heads}] or [${batch}, ${heads}]`);
  const perHead = reshape(value, [batch, length, heads, columns / heads]);
  const factors = reshape(gate, [rank === 1 ? 1 : gate.shape[0]!, 1, heads, 1]);
  return reshape(mul(perHead, factors), value.shape);
}

function refuseGate(gate: Tensor, expected: string): never {
  return refuse(ShapeError, "scale", "gate", `a scalar or ${expected}`, `[${gate.shape.join(", ")}]`);
}
