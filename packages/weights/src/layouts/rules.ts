import type { Rule } from "./layout.js";

/** A tensor that is the same on both sides, under two names. @param shape words, for example `"vocabSize dModel"` */
export function tensorRule(theirs: string, ours: string, shape: string): Rule {
  return { theirs: [theirs], ours: [ours], shapes: [shape] };
}

/** The same rule, whose entries may be absent. @param flag that decides whether they are there; default none */
export function optional(rule: Rule, flag?: string): Rule {
  return { ...rule, optional: flag ?? true };
}

/** The weight of a linear map and its bias, which may be absent. @param shape `"outFeatures inFeatures"` @param flag of the bias; default none */
export function linearRules(theirs: string, ours: string, shape: string, flag?: string): Rule[] {
  const [weight, bias] = biasedLinearRules(theirs, ours, shape);
  return [weight!, optional(bias!, flag)];
}

/** The weight of a linear map without a bias. @param shape `"outFeatures inFeatures"` */
export function unbiasedLinearRules(theirs: string, ours: string, shape: string): Rule[] {
  return [tensorRule(`${theirs}.weight`, `${ours}.weight`, shape)];
}

/** The weight of a linear map and its bias. @param shape `"outFeatures inFeatures"` */
export function biasedLinearRules(theirs: string, ours: string, shape: string): Rule[] {
  return [tensorRule(`${theirs}.weight`, `${ours}.weight`, shape), tensorRule(`${theirs}.bias`, `${ours}.bias`, shape.split(" ")[0]!)];
}

/** The weight of an RMSNorm. @param size its width; default `"dModel"` */
export function rmsNormRule(theirs: string, ours: string, size = "dModel"): Rule {
  return tensorRule(`${theirs}.weight`, `${ours}.weight`, size);
}

/** The weight and the bias of a LayerNorm of width dModel. */
export function layerNormRules(theirs: string, ours: string): Rule[] {
  return [tensorRule(`${theirs}.weight`, `${ours}.weight`, "dModel"), tensorRule(`${theirs}.bias`, `${ours}.bias`, "dModel")];
}
