/** Singular or plural. */
export type Number = "singular" | "plural";

/** A noun in both numbers; persons also have a reflexive. */
export interface Noun {
  readonly singular: string;
  readonly plural: string;
  readonly reflexive?: "himself" | "herself";
}

/** A verb in the third person in both numbers. */
export interface Verb {
  readonly singular: string;
  readonly plural: string;
}

const noun = (singular: string, plural = `${singular}s`): Noun => ({ singular, plural });
const he = (singular: string, plural = `${singular}s`): Noun => ({ singular, plural, reflexive: "himself" });
const she = (singular: string, plural = `${singular}s`): Noun => ({ singular, plural, reflexive: "herself" });
const verb = (plural: string, singular = `${plural}s`): Verb => ({ singular, plural });

export const people: readonly Noun[] = [he("boy"), he("man", "men"), he("king"), she("girl"), she("woman", "women"), she("queen")];
export const animals: readonly Noun[] = [noun("dog"), noun("cat"), noun("bird"), noun("fox", "foxes")];
const things: readonly Noun[] = [noun("tree"), noun("house"), noun("river"), noun("hill")];
export const nouns: readonly Noun[] = [...people, ...animals, ...things];

export const intransitive: readonly Verb[] = [verb("run"), verb("sleep"), verb("sing"), verb("wait"), verb("jump")];
export const transitive: readonly Verb[] = [verb("see"), verb("chase"), verb("like"), verb("hear"), verb("admire")];
export const verbs: readonly Verb[] = [...intransitive, ...transitive];

export const determiners: readonly string[] = ["the", "my"];
export const adjectives: readonly string[] = ["old", "young", "small", "big", "quick", "quiet"];
export const adverbs: readonly string[] = ["today", "again"];
export const prepositions: readonly string[] = ["near", "behind", "with", "beside"];
export const brackets: readonly (readonly [opening: string, closing: string])[] = [
  ["(", ")"],
  ["[", "]"],
  ["{", "}"],
];
export const reflexives: readonly string[] = ["himself", "herself", "themselves"];

/** Every word of the language. */
export const vocabulary: readonly string[] = [
  ".",
  ...determiners,
  ...adjectives,
  ...adverbs,
  ...prepositions,
  "that",
  ...nouns.flatMap(({ singular, plural }) => [singular, plural]),
  ...verbs.flatMap(({ singular, plural }) => [singular, plural]),
  ...reflexives,
  ...brackets.flat(),
];
