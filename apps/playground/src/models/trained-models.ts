import type { AttentionKind, Example, HeadPlace } from "./model-info.js";

/** What the page tells about a trained model. */
export interface TrainedModel {
  readonly summary: string;
  readonly examples: readonly [Example, ...Example[]];
  readonly firstHead: HeadPlace;
}

const place = (kind: AttentionKind, layer: number, head: number): HeadPlace => ({ kind, layer, head });

const grammar: TrainedModel = {
  summary: "Predicts the next word in a small part of English: verbs that agree with their subject, brackets that close, reflexives.",
  firstHead: place("self", 2, 3),
  examples: [
    {
      text: "the boys that the old woman sees",
      note: "The last row, “sees”, predicts the next verb. Head L2·H3 looks back at “boys”, not at the nearer “woman”, so plural verbs lead: “chase”, “hear”. Without this head, singular verbs lead.",
    },
    {
      text: "the man with the dogs",
      note: "The row before the verb, “dogs”, looks at the subject “man” in L2·H3. Past “that”, the likeliest words are singular verbs, although the nearest noun is plural.",
    },
    {
      text: "the dogs ( near the old tree [ that the girl sees ]",
      head: place("self", 1, 0),
      note: "The last row, “]”, predicts “)”: L1·H0 looks at the bracket that is still open. Switching this one head off changes little, because other heads find the bracket too.",
    },
    {
      text: "my queen [ near the old houses ] admires",
      head: place("self", 0, 2),
      note: "The last row, “admires”, looks at “queen” in L0·H2, and “herself” is the likeliest word. Without this head the model no longer expects a reflexive.",
    },
  ],
};

const induction: TrainedModel = {
  summary: "Continues random characters: what it has read before, it can repeat; the first time it can only guess.",
  firstHead: place("self", 1, 0),
  examples: [
    {
      text: "qX7mBe+ZkT2wqX7m",
      note: "The string starts again at the second “q”. From there on each row of L1·H0 looks at the character that came after its own the first time: the last row, “m”, at “B”, which is what the model predicts. All four heads of layer 1 do this.",
    },
    {
      text: "abcdefghijklmnopabcdefgh",
      head: place("self", 0, 0),
      note: "Head L0·H0 looks at the previous character. The heads of layer 1 need that: only so can they find what came after the first “a”.",
    },
    {
      text: "ABCDEFGHIJKLMABXDE",
      note: "The row “X” has no earlier “X” to look for, so the model does not know what comes next. After “D” it does: “E”.",
    },
  ],
};

const copy: TrainedModel = {
  summary: "Writes a string of letters once more; “=” ends the string, and “</s>” the answer.",
  firstHead: place("cross", 1, 2),
  examples: [
    {
      text: "badcafe=",
      answer: "badcafe",
      note: "A row of the answer is about to write the next letter, and looks at that letter in the text: the map is a diagonal. The last row looks at “=” and ends the answer.",
    },
    {
      text: "deadbeef=",
      answer: "deadbeef",
      note: "The letters “d” and “e” occur more than once. The rows still follow the diagonal: the head goes by places, not by letters.",
    },
    {
      text: "abcdefghijklmnop=",
      answer: "abcdefghijklmnop",
      note: "Sixteen letters are four more than the model has ever seen. The first rows look at “e” instead of “a”, “b” and “c”, and that is what it would write.",
    },
  ],
};

const reverse: TrainedModel = {
  summary: "Writes a string of letters backwards; “=” ends the string, and “</s>” the answer.",
  firstHead: place("cross", 1, 2),
  examples: [
    {
      text: "badcafe=",
      answer: "efacdab",
      note: "A row of the answer is about to write the next letter, and looks at that letter in the text, from the end to the start: the map is the other diagonal.",
    },
    {
      text: "aabbcc=",
      answer: "ccbbaa",
      note: "Each letter stands twice. The rows still go back one place at a time, so the head goes by places, not by letters.",
    },
    {
      text: "abcdefghijklmnop=",
      answer: "ponmlkjihgfedcba",
      note: "Sixteen letters are four more than the model has ever seen. It starts right, but at “e” it looks at “=” and would end too early.",
    },
  ],
};

const addition: TrainedModel = {
  summary: "Adds two numbers of three digits and writes the sum backwards, units first, always with four digits; “</s>” ends it.",
  firstHead: place("cross", 1, 3),
  examples: [
    {
      text: "457+068=",
      answer: "5250",
      note: "457 + 68 = 525, written backwards with four digits: 5250. The first row of L1·H3 looks at the units 7 and 8, the second at the tens 5 and 6. Without this head both digits are wrong.",
    },
    {
      text: "250+250=",
      answer: "0050",
      note: "250 + 250 = 500, written backwards: 0050. The first row looks at both units, the second at both tens.",
    },
    {
      text: "999+001=",
      answer: "0001",
      note: "999 + 1 = 1000, written backwards: 0001. The carry runs through every digit, and the model still gets all of them right.",
    },
  ],
};

/** The trained models by the names of their folders, in the order of the list. trained-models.node.test.ts checks what the notes say. */
export const trainedModels: Readonly<Record<string, TrainedModel>> = { grammar, induction, copy, reverse, addition };
