import type { AnsweredQuestion } from "../../../ui/panel.js";
import type { Encoding } from "./settings.js";

/** What to try with the settings of an encoding. */
export const encodingQuestions: Record<Encoding, AnsweredQuestion> = {
  sinusoids: {
    question: "Set the base to 100. Which columns change? Are the rows of positions 0 and 60 still different?",
    answer:
      "All columns but the first two, whose frequency is 1 with any base. The others turn faster. Rows 0 and 60 still differ, because columns of different frequencies do not all come back to their start at one position.",
  },
  rotary: {
    question: "Choose YaRN with factor 4. Which pairs rotate more slowly, and which stay the same?",
    answer:
      "The last pairs, which are slow anyway, rotate four times as slowly. The first ones, which are fast, stay the same, so that near tokens are told apart as before. Those between are in between.",
  },
  alibi: {
    question: "Choose 6 heads, which is not a power of two. Where do the extra slopes lie between the others?",
    answer:
      "Four heads have the slopes 1/4, 1/16, 1/64 and 1/256. The two more are taken from those of eight heads: 1/2, above all others, and 1/8, between 1/4 and 1/16.",
  },
  t5: {
    question: "The biases here are random. Switch off “Separate buckets for later keys”. Which bucket do all later keys fall into?",
    answer:
      "Bucket 0, that of the token itself. A causal mask hides later keys, so they need no buckets, and earlier keys get all of them.",
  },
};

/** What to try with the similarity or bias of an encoding. */
export const similarityQuestions: Record<Encoding, AnsweredQuestion> = {
  sinusoids: {
    question: "Move the query. Does the shape of the curve change?",
    answer:
      "No: by distance, the curve is the same for every query. Only how far it reaches to each side changes, because the text begins and ends.",
  },
  rotary: {
    question: "Increase theta. Does the score of distant keys rise or fall?",
    answer: "It rises. With a larger theta the pairs rotate more slowly, so their angles drift apart less over the same distance.",
  },
  alibi: {
    question: "Choose 8 heads. At which distance does each head lower a score by 4?",
    answer:
      "At 8, 16, 32 and so on up to 1,024: their slopes are 1/2, 1/4, 1/8 and so on down to 1/256. The first head looks near, the last one hardly cares about distance.",
  },
  t5: {
    question: "From which distance on do all keys get the same bias? Change the maximum distance. How does it move?",
    answer:
      "From a little below the maximum distance on: there the last bucket begins, and it has no end. A larger maximum moves it farther away and makes the buckets before it wider.",
  },
};

/** Whether the numbers of all pairs depend only on the distance. */
const ofDistance =
  "Yes. The numbers depend only on the distance between query and key, and the next row is the next query, whose distances are all one larger.";

/** The question about all pairs of positions. @param encoding that of the picture */
export function pairsQuestion(encoding: Encoding | "learned"): AnsweredQuestion {
  const answer =
    encoding === "learned"
      ? "Not exactly. Nothing makes a learned table depend on the distance alone; if stripes appear, training has made them. Positions that no text of the training had keep their random numbers."
      : ofDistance;
  return { question: "Is every row the same as the row above it, shifted by one?", answer };
}
