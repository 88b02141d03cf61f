import type { Variable } from "@tensorflow/tfjs-core";
import { checkOptions, checkPositive, checkRate, describeValue, type OptionNames, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkNotNegative } from "./checks.js";

/** Settings for some parameters. A parameter belongs to the first group that matches it. */
export interface AdamWGroup {
  readonly match: (name: string, variable: Variable) => boolean;
  /** Replaces the optimizer's weight decay. */
  readonly weightDecay?: number;
  /** Multiplies the learning rate of every step; default 1. */
  readonly learningRate?: number;
}

/** Options of `AdamW`. */
export interface AdamWOptions {
  /** Default 1e-3. */
  readonly learningRate?: number;
  /** Decay rates of the two moments; default [0.9, 0.999]. */
  readonly betas?: readonly [beta1: number, beta2: number];
  /** Added to the root of the second moment; default 1e-8. */
  readonly eps?: number;
  /** The fraction of each parameter that a step with learning rate 1 subtracts; default 0.01. */
  readonly weightDecay?: number;
  /** Default none: every parameter decays. */
  readonly groups?: readonly AdamWGroup[];
}

const optionNames: OptionNames<AdamWOptions> = { learningRate: true, betas: true, eps: true, weightDecay: true, groups: true };
const groupNames: OptionNames<AdamWGroup> = { match: true, weightDecay: true, learningRate: true };

/** Checked options with their defaults. @throws ValueError when an option is unknown or outside its range */
export function resolveAdamWOptions(options: AdamWOptions): Required<AdamWOptions> {
  const {
    learningRate = 1e-3,
    betas = [0.9, 0.999],
    eps = 1e-8,
    weightDecay = 0.01,
    groups = [],
  } = checkOptions("AdamW", options, optionNames);
  checkNotNegative("AdamW", "learningRate", learningRate);
  checkList("betas", "two numbers", betas, 2);
  checkList("groups", "a list", groups);
  betas.forEach((beta, index) => checkRate("AdamW", `betas[${index}]`, beta));
  checkPositive("AdamW", "eps", eps);
  checkNotNegative("AdamW", "weightDecay", weightDecay);
  groups.forEach(checkGroup);
  return { learningRate, betas, eps, weightDecay, groups };
}

function checkList(argument: string, expected: string, value: unknown, length?: number): void {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return;
  refuse(ValueError, "AdamW", argument, expected, describeValue(value));
}

function checkGroup(group: AdamWGroup, index: number): void {
  const { match, weightDecay = 0, learningRate = 1 } = checkOptions("AdamW", group, groupNames, `groups[${index}] option`);
  if (typeof match !== "function") refuse(ValueError, "AdamW", `groups[${index}].match`, "a function of a name", describeValue(match));
  checkNotNegative("AdamW", `groups[${index}].weightDecay`, weightDecay);
  checkNotNegative("AdamW", `groups[${index}].learningRate`, learningRate);
}
