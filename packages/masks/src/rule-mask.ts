import type { Tensor4D } from "@tensorflow/tfjs-core";
import { describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { kernelBlockSize, summarizeBlocks } from "./blocks.js";
import { checkCell, checkSizes } from "./check.js";
import { denseBias, denseCells } from "./dense.js";
import { explainCell } from "./explain.js";
import type { BlockSize, BlockSummary, Explanation, Mask, MaskJSON, MaskSizes } from "./mask.js";
import type { AttentionRule } from "./attention-rule.js";

// A registered symbol, so that two copies of this package in one bundle recognise each other's masks.
const brand = Symbol.for("@tfblocks/masks");

/** The implementation of Mask: a rule with checked arguments. */
export class RuleMask implements Mask {
  readonly rule: AttentionRule;
  readonly batch: number;
  readonly heads: number;
  declare bias?: (sizes: MaskSizes) => Tensor4D;

  constructor(rule: AttentionRule) {
    this.rule = rule;
    this.batch = rule.batch;
    this.heads = rule.heads;
    Object.defineProperty(this, brand, { value: true });
    if (rule.addend) this.bias = (sizes) => denseBias(rule, checkSizes("mask.bias", rule, sizes));
  }

  at(batch: number, head: number, query: number, key: number): boolean {
    checkCell("mask.at", this.rule, batch, head, query, key);
    return this.rule.allows(batch, head, query, key);
  }

  dense(sizes: MaskSizes): Tensor4D {
    return denseCells(this.rule, checkSizes("mask.dense", this.rule, sizes));
  }

  blocks(sizes: MaskSizes, blockSize: BlockSize = kernelBlockSize): BlockSummary {
    return summarizeBlocks(this.rule, checkSizes("mask.blocks", this.rule, sizes), blockSize);
  }

  explain(batch: number, head: number, query: number, key: number): Explanation {
    checkCell("mask.explain", this.rule, batch, head, query, key);
    return explainCell(this.rule, batch, head, query, key);
  }

  toJSON(): MaskJSON {
    return structuredClone(this.rule.json);
  }
}

/** Whether a value is a mask of this package. */
export function isMask(value: unknown): value is Mask {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[brand] === true;
}

/** The rule of an argument that must be a mask. */
export function ruleOf(operation: string, argument: string, value: unknown): AttentionRule {
  if (isMask(value)) return (value as RuleMask).rule;
  return refuse(ValueError, operation, argument, "a Mask", describeValue(value), "convert a tensor with masks.fromTensor");
}
