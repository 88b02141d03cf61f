import type { ModelTokenizer } from "./opened-model.js";

/** The same sentence in several languages, with the script that they are written in, and the word to be hidden. */
const sentences = [
  { script: /\p{Script=Latin}/u, text: "The cat sat on the mat because it was tired.", word: "cat" },
  { script: /\p{Script=Latin}/u, text: "Die Katze lag auf dem Sofa, weil sie müde war.", word: "Katze" },
  { script: /\p{Script=Latin}/u, text: "Le chat était sur le lit parce qu'il était fatigué.", word: "chat" },
  { script: /\p{Script=Latin}/u, text: "El gato estaba en la cama porque estaba cansado.", word: "gato" },
  { script: /\p{Script=Cyrillic}/u, text: "Кот лежал на диване, потому что он устал.", word: "Кот" },
  { script: /\p{Script=Han}/u, text: "猫坐在垫子上，因为它累了。", word: "猫" },
  { script: /[\p{Script=Hiragana}\p{Script=Katakana}]/u, text: "猫は疲れていたので、マットの上に座った。", word: "猫" },
  { script: /\p{Script=Hangul}/u, text: "고양이는 피곤해서 매트 위에 앉았다.", word: "고양이" },
  { script: /\p{Script=Arabic}/u, text: "جلست القطة على السجادة لأنها كانت متعبة.", word: "القطة" },
  { script: /\p{Script=Devanagari}/u, text: "बिल्ली चटाई पर बैठी क्योंकि वह थकी हुई थी।", word: "बिल्ली" },
] as const;

/** How many tokens of a vocabulary are looked at. */
const sampled = 3000;

/** A text for a model of which only the tokenizer is known: a sentence in its language as far as one can tell, else some of its words. */
export function firstText(tokenizer: ModelTokenizer, vocabSize: number): { readonly text: string; readonly word: string | undefined } {
  const script = commonScript(tokenizer, vocabSize);
  const known = sentences
    .filter((each) => each.script.source === script?.source)
    .map((sentence, index) => ({ ...sentence, cost: costOf(tokenizer, sentence.text) * (index === 0 ? 0.9 : 1) }))
    .toSorted((a, b) => a.cost - b.cost);
  const [best] = known;
  return best !== undefined && best.cost < Infinity ? best : { text: someWords(tokenizer, vocabSize), word: undefined };
}

/** Tokens for each character; infinite for a text that the vocabulary cannot spell. */
function costOf(tokenizer: ModelTokenizer, text: string): number {
  try {
    const ids = tokenizer.encode(text);
    return ids.includes(tokenizer.unknownId ?? -1) ? Infinity : ids.length / text.length;
  } catch {
    return Infinity;
  }
}

/** The script of most tokens. */
function commonScript(tokenizer: ModelTokenizer, vocabSize: number): RegExp | undefined {
  const texts = sampleTexts(tokenizer, vocabSize);
  const scripts = [...new Map(sentences.map(({ script }) => [script.source, script])).values()];
  const counts = scripts.map((script) => ({ script, count: texts.filter((text) => script.test(text)).length }));
  const [first] = counts.toSorted((a, b) => b.count - a.count);
  return first !== undefined && first.count > 0 ? first.script : undefined;
}

function sampleTexts(tokenizer: ModelTokenizer, vocabSize: number): string[] {
  const step = Math.max(1, Math.floor(vocabSize / sampled));
  return Array.from({ length: Math.ceil(vocabSize / step) }, (_, index) => index * step)
    .filter((id) => !tokenizer.specialIds.has(id))
    .flatMap((id) => textOf(tokenizer, id));
}

/** The text of an id, if the vocabulary has it. */
function textOf(tokenizer: ModelTokenizer, id: number): string[] {
  try {
    return [tokenizer.decode([id])];
  } catch {
    return []; // models have more ids than words
  }
}

function someWords(tokenizer: ModelTokenizer, vocabSize: number): string {
  const ids = Array.from({ length: Math.min(vocabSize, 200) }, (_, id) => id).filter(
    (id) => !tokenizer.specialIds.has(id) && id !== tokenizer.unknownId && textOf(tokenizer, id).some((text) => text.trim() !== ""),
  );
  return tokenizer.decode(ids.slice(0, 8)).trim();
}
