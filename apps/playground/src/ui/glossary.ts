/** A word of the page and what it means. */
export interface GlossaryEntry {
  readonly title: string;
  /** One or two sentences. */
  readonly meaning: string;
  /** The same as a formula or an example, where that helps. */
  readonly example?: string;
}

const entries = {
  token: {
    title: "token",
    meaning: "A piece of text that the model reads as one: a word, a part of a word, or a single character. A token has a number, its id.",
  },
  tokenizer: { title: "tokenizer", meaning: "Splits a text into tokens, and puts tokens together to a text again." },
  vocabulary: { title: "vocabulary", meaning: "All tokens that a model knows. What is not in it becomes an “unknown” token." },
  specialToken: {
    title: "special token",
    meaning: "A token that stands for no text: the start of a text, its end, a gap to fill, or padding.",
    example: "<s>   [CLS]   [MASK]   <pad>",
  },
  embedding: { title: "embedding", meaning: "The vector that stands for a token. The model looks it up in a table that it has learned." },
  vector: { title: "vector", meaning: "A list of numbers. A model represents everything it knows about a token as one." },
  dModel: { title: "vector size", meaning: "How many numbers stand for one token between the layers.", example: "dModel, d_model" },
  position: {
    title: "position",
    meaning: "Where a token stands in the text, counted from 0. Attention alone does not see it, so the model is given it separately.",
  },
  attention: {
    title: "attention",
    meaning: "The step in which each token gathers information from other tokens: from each as much as its weight says.",
    example: "softmax(Q Kᵀ / √d_k) V",
  },
  selfAttention: { title: "self-attention", meaning: "Attention of the tokens of one text to each other." },
  crossAttention: { title: "cross-attention", meaning: "Attention of the tokens of an answer to the tokens of the text it is about." },
  query: {
    title: "query",
    meaning: "The vector with which a token asks: what it looks for in other tokens. Queries are the rows of a map.",
  },
  key: { title: "key", meaning: "The vector with which a token answers queries: what it offers. Keys are the columns of a map." },
  value: { title: "value", meaning: "The vector that a token passes on to those that attend to it." },
  score: {
    title: "score",
    meaning: "How well a query and a key fit: their dot product, divided by √d_k. A row of scores becomes a row of weights.",
    example: "q · k / √d_k",
  },
  dotProduct: {
    title: "dot product",
    meaning: "The sum of the products of two vectors, number by number. It is large when they point the same way.",
    example: "q₁k₁ + q₂k₂ + …",
  },
  dK: {
    title: "d_k",
    meaning:
      "How many numbers a query and a key have. Scores are divided by its square root: without that they grow with it, and softmax gives nearly all weight to one key.",
  },
  softmax: {
    title: "softmax",
    meaning: "Turns scores into weights between 0 and 1 that sum to 1. The largest score gets the largest weight.",
    example: "exp(score) / sum of exp(scores)",
  },
  weight: {
    title: "attention weight",
    meaning: "The share of its attention that a token gives to another one, from 0 to 1. Each row sums to 1.",
  },
  mask: { title: "mask", meaning: "Says which tokens a token may look at. What it may not look at has weight 0, and is hatched here." },
  causal: {
    title: "causal",
    meaning: "A mask that shows a token only itself and what stands before it, so that it cannot see what it must predict.",
  },
  padding: { title: "padding", meaning: "Tokens that only fill up a text to a length. Nothing should attend to them." },
  prefix: { title: "prefix", meaning: "A beginning of the text that every token may see, for example the question of an answer." },
  head: {
    title: "head",
    meaning:
      "One of several attentions that run side by side in a layer, each with queries, keys and values of its own. L1·H3 is head 3 of layer 1; both are counted from 0.",
  },
  layer: { title: "layer", meaning: "One storey of a transformer: attention and then a feed-forward network. Layers are counted from 0." },
  feedForward: {
    title: "feed-forward network",
    meaning: "The part of a layer that works on each token by itself: two linear steps with a nonlinear one between them.",
  },
  norm: { title: "norm", meaning: "Brings the numbers of a vector to a common size before a step, so that training stays stable." },
  residual: {
    title: "residual stream",
    meaning: "The vector of a token on its way through the model. Every layer reads it and adds its result to it.",
  },
  encoder: { title: "encoder", meaning: "A transformer in which every token sees the whole text. It reads, and writes nothing." },
  decoder: { title: "decoder", meaning: "A transformer that writes one token after the other, and sees only what stands before." },
  logit: {
    title: "logit",
    meaning:
      "The number that a model gives to each token of its vocabulary before softmax makes probabilities of them. Higher is likelier.",
  },
  probability: { title: "probability", meaning: "How likely the model thinks a token is, from 0 to 1. Those of all tokens sum to 1." },
  temperature: {
    title: "temperature",
    meaning: "Divides the logits before softmax. Below 1 the likeliest tokens gain, above 1 the others do.",
  },
  loss: {
    title: "loss",
    meaning: "How surprised the model is by the token that really follows: 0 when it was certain of it. Training makes it smaller.",
    example: "−ln(probability)",
  },
  nat: { title: "nat", meaning: "The unit of loss and entropy here. One nat is about 1.44 bits." },
  entropy: {
    title: "entropy",
    meaning: "How spread out attention or a prediction is, in nats: 0 when everything is on one token, at most ln(number of tokens).",
    example: "−Σ p · ln(p)",
  },
  spread: {
    title: "spread",
    meaning: "Entropy as a share of its maximum: 0 when everything is on one token, 1 when all tokens get the same.",
    example: "entropy / ln(number of tokens)",
  },
  null: {
    title: "null (chance)",
    meaning: "The score that chance alone would give here. Only a score well above its null says something about the head.",
  },
  label: {
    title: "label",
    meaning: "A name for what a head does on this text, given by a rule: its score is above a threshold and above its null.",
  },
  induction: {
    title: "induction",
    meaning:
      "A head that looks for an earlier copy of the present token, and attends to what came after it: what followed last time may follow again.",
    example: "… A B … A → B",
  },
  previousToken: {
    title: "previous-token head",
    meaning: "A head that looks at the token just before. Induction needs one in an earlier layer.",
  },
  lens: {
    title: "lens",
    meaning: "Reads the residual stream after each layer as if it were the last one: what the model would predict up to there.",
  },
  attribution: {
    title: "attribution",
    meaning: "How much each head, layer and embedding has added to the logit of a token. The parts sum to the logit.",
  },
  ablation: {
    title: "ablation",
    meaning:
      "Switching a head off, and looking at what the model can no longer do. By zero: it adds nothing. By mean: it always adds its average.",
  },
  patching: {
    title: "patching",
    meaning:
      "Putting the result of a part for another text in place of its result for this one, to see whether that part makes the difference.",
  },
  steering: {
    title: "steering",
    meaning:
      "Adding a direction to the residual stream, for example from one word towards another, and looking at where the prediction goes.",
  },
  freezing: {
    title: "freezing",
    meaning: "Keeping the attention of a head as it is for another text, while everything else follows this one.",
  },
  parameter: { title: "parameter", meaning: "A number of the model that training changes. At first all are random." },
  training: {
    title: "training",
    meaning: "Changing every parameter a little, again and again, so that the loss on examples becomes smaller.",
  },
  learningRate: {
    title: "learning rate",
    meaning: "How far a training step changes the parameters. Too small is slow, too large never settles.",
  },
  step: { title: "training step", meaning: "One change of all parameters, after the model has seen one batch of examples." },
  seed: { title: "seed", meaning: "The number from which all random choices follow. The same seed gives the same result." },
  wasm: {
    title: "WebAssembly (WASM)",
    meaning: "Code that runs in the browser nearly as fast as outside it. This page computes everything with it.",
  },
  simd: { title: "SIMD", meaning: "Instructions that compute with several numbers at once. They make the page several times as fast." },
  thread: { title: "thread", meaning: "A part of a program that runs beside others on a processor core of its own." },
} satisfies Record<string, GlossaryEntry>;

/** The name of a glossary entry. */
export type TermName = keyof typeof entries;

/** Every word that the page explains. */
export const glossary: Readonly<Record<TermName, GlossaryEntry>> = entries;
