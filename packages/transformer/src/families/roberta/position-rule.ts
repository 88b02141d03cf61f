import { add, cast, cumsum, mul, notEqual, scalar, type Tensor } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";
import type { PositionRule } from "../../blocks/input-embedding.js";

/** Positions that count tokens from padId + 1 on and leave out padding, whose position is padId, as fairseq makes them. */
export function positionsAfterPadding(padId: number): PositionRule {
  return (ids, offset) =>
    scope((): Tensor => {
      const pad = scalar(padId, "int32");
      const isToken = cast(notEqual(ids, pad), "int32"); // [batch, length]
      return add(mul(add(cumsum(isToken, 1), scalar(offset, "int32")), isToken), pad);
    });
}
