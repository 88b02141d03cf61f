const many = { sizes: { numLayers: 12, numHeads: 12 }, tokens: 64 };
const two = { sizes: { numLayers: 2, maxLength: 512 } };

const visit = (name, kind, spec, rest) => ({ case: name, measure: "visit", visit: kind, spec, ...rest });

const colors = (which, index) =>
  visit(`colours to the ${which} of 144 maps while a training runs`, "colors", { ...many, index }, { limit: 100 });

const text = (tokens, shown, rest) => visit(`text of ${tokens} tokens to ${shown}`, "text", { ...two, tokens, shown }, rest);

/** What a reader of the playground waits for, and the longest task of the page while the pointer moves. */
export const playground = [
  colors("first", 0),
  colors("last", 143),
  ...["the first map", "all heads"].flatMap((shown) => [
    text(66, shown, { quick: true }),
    text(302, shown, { limit: 1000 }),
    text(507, shown),
  ]),
  visit("pointing at a map of 64 tokens, longest task", "hoverMap", many, { limit: 50 }),
  visit("pointing at 144 maps, longest task", "hoverGrid", many, { limit: 50 }),
];
