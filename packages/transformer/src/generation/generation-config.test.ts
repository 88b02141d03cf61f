import { generationConfigFixture } from "@tfblocks/fixtures/generation";
import { describe, expect, it } from "vitest";
import { beamSearchOptions, generationOptions } from "../generate.js";
import { harmlessFields, honouredFields, refusedFields } from "./generation-config-fields.js";

const { fields, defaults } = generationConfigFixture;

describe("generationOptions and the fields of transformers", () => {
  it("knows what to do with every field of GenerationConfig in transformers", () => {
    const known = [...honouredFields, ...harmlessFields, ...Object.keys(refusedFields)];
    expect(new Set(known).size).toBe(known.length);
    expect(fields.length).toBeGreaterThan(70);
    expect(fields.filter((field) => !known.includes(field))).toEqual([]);
    expect(known.filter((field) => !fields.includes(field))).toEqual([]);
  });

  it("accepts the defaults of transformers, which are greedy", () => {
    const { max_length: _, ...others } = defaults;
    expect(generationOptions(others)).toEqual({});
    expect(generationOptions(Object.fromEntries(fields.map((field) => [field, null])))).toEqual({});
  });

  it("reads the configs of chat models", () => {
    const qwen = {
      bos_token_id: 151643,
      pad_token_id: 151643,
      do_sample: true,
      eos_token_id: [151645, 151643],
      repetition_penalty: 1.1,
      temperature: 0.7,
      top_p: 0.8,
      top_k: 20,
      transformers_version: "4.37.0",
    };
    expect(generationOptions(qwen)).toEqual({
      stopTokens: [151645, 151643],
      padId: 151643,
      repetitionPenalty: 1.1,
      temperature: 0.7,
      topK: 20,
      topP: 0.8,
    });
    const llama = {
      _from_model_config: true,
      bos_token_id: 128000,
      do_sample: true,
      eos_token_id: 128001,
      max_length: 4096,
      temperature: 0.6,
      top_p: 0.9,
    };
    expect(generationOptions(llama)).toEqual({ stopTokens: [128001], maxLength: 4096, temperature: 0.6, topK: 50, topP: 0.9 });
  });
});

describe("what generationOptions makes of fields together", () => {
  it("is greedy without do_sample, whatever the temperature, and takes null for absent", () => {
    for (const draws of [false, null, undefined]) {
      expect(generationOptions({ do_sample: draws, temperature: 0.6, top_p: 0.9, top_k: 3, typical_p: 0.5, top_h: 0.3 })).toEqual({});
    }
    expect(generationOptions({ do_sample: true, temperature: null, top_k: null, top_p: null })).toEqual({ temperature: 1, topK: 50 });
    expect(generationOptions({ do_sample: true, top_k: 0, top_p: 1, min_p: 0.1 })).toEqual({ temperature: 1, minP: 0.1 });
    expect(generationOptions({ eos_token_id: null, pad_token_id: -1 })).toEqual({});
  });

  it("lets lengths of new tokens win over lengths that count the prompt", () => {
    expect(generationOptions({ max_length: 20, max_new_tokens: 5, min_length: 10, min_new_tokens: 2 })).toEqual({
      maxNewTokens: 5,
      minNewTokens: 2,
    });
    expect(generationOptions({ max_length: 20, min_length: 10, no_repeat_ngram_size: 3 })).toEqual({
      maxLength: 20,
      minLength: 10,
      noRepeatNgram: 3,
    });
  });

  it("takes stop strings with a tokenizer, and asks for one", () => {
    const tokenizer = { decode: () => "" };
    expect(generationOptions({ stop_strings: "END" }, { tokenizer })).toEqual({ stopStrings: { strings: ["END"], tokenizer } });
    expect(generationOptions({ stop_strings: ["a", "b"] }, { tokenizer })).toEqual({ stopStrings: { strings: ["a", "b"], tokenizer } });
    expect(() => generationOptions({ stop_strings: ["a"] })).toThrow(
      "generationOptions: tokenizer must be given, as config.stop_strings is, got undefined; pass { tokenizer }",
    );
  });
});

describe("generationOptions", () => {
  it.each<[string, unknown, object?]>([
    ["typical_p", 0.9, { do_sample: true }],
    ["epsilon_cutoff", 0.001, { do_sample: true }],
    ["eta_cutoff", 0.001, { do_sample: true }],
    ["top_h", 0.4, { do_sample: true }],
    ["encoder_repetition_penalty", 1.2],
    ["encoder_no_repeat_ngram_size", 2],
    ["forced_eos_token_id", 2],
    ["remove_invalid_values", true],
    ["exponential_decay_length_penalty", [5, 1.1]],
    ["guidance_scale", 1.5],
    ["watermarking_config", {}],
    ["cache_implementation", "quantized"],
    ["penalty_alpha", 0.6],
    ["dola_layers", "high"],
    ["diversity_penalty", 0.5],
    ["num_beam_groups", 2],
    ["force_words_ids", [[1]]],
    ["max_time", 3],
    ["token_healing", true],
  ])("refuses %s = %j by name, as it changes the tokens", (name, value, others = {}) => {
    expect(() => generationOptions({ ...others, [name]: value })).toThrow(
      `generationOptions: config.${name} must be absent or without effect, got ${JSON.stringify(value)}; it is not supported; remove it if other tokens are acceptable`,
    );
  });

  it.each<[object, string]>([
    [{ temperature: 0, do_sample: true }, "config.temperature must be > 0, as do_sample is true, got 0"],
    [{ do_sample: "yes" }, 'config.do_sample must be true or false, got "yes"'],
    [{ top_k: -1, do_sample: true }, "config.top_k must be an integer >= 0, got -1"],
    [{ eos_token_id: [2, "a"] }, 'config.eos_token_id[1] must be an integer from 0 to 2147483647, got "a"'],
    [{ eos_token_id: 2.5 }, "config.eos_token_id must be an integer from 0 to 2147483647, got 2.5"],
    [{ max_new_tokens: 0 }, "config.max_new_tokens must be an integer >= 1, got 0"],
    [{ bad_words_ids: [3] }, "config.bad_words_ids must be a list of lists of ids, got an array of length 1"],
    [{ sequence_bias: [[3, 1]] }, "config.sequence_bias must be a list of pairs of ids and bias, got an array of length 1"],
    [{ repetition_penalty: "1.1" }, 'config.repetition_penalty must be a finite number, got "1.1"'],
    [{ num_beams: 4 }, "config.num_beams must be 1, got 4; call beamSearch with beamSearchOptions(config)"],
    [{ num_return_sequences: 2, do_sample: true }, "config.num_return_sequences must be 1, got 2; pass the prompt several times instead"],
    [{ stop_strings: [3] }, "config.stop_strings must be a string or a list of strings, got an array of length 1"],
  ])("refuses %j by the field", (config, message) => {
    expect(() => generationOptions(config as never)).toThrow(`generationOptions: ${message}`);
  });

  it("refuses what is no config", () => {
    expect(() => generationOptions(null as never)).toThrow("generationOptions: config must be an object, got null");
  });
});

describe("beamSearchOptions", () => {
  it("reads the fields of beams, with the defaults of transformers", () => {
    const config = { num_beams: 4, length_penalty: 2, early_stopping: true, num_return_sequences: 3, eos_token_id: 1 };
    expect(beamSearchOptions(config)).toEqual({
      stopTokens: [1],
      numBeams: 4,
      lengthPenalty: 2,
      earlyStopping: true,
      numReturnSequences: 3,
    });
    expect(beamSearchOptions({})).toEqual({ numBeams: 1, lengthPenalty: 1, earlyStopping: false, numReturnSequences: 1 });
    expect(beamSearchOptions({ early_stopping: null, renormalize_logits: true }).processors).toHaveLength(1);
  });

  it("refuses to draw", () => {
    expect(() => beamSearchOptions({ num_beams: 2, do_sample: true })).toThrow(
      "beamSearchOptions: config.do_sample must be false, got true; call generate instead",
    );
    expect(() => beamSearchOptions({ early_stopping: "always" })).toThrow(
      'beamSearchOptions: config.early_stopping must be true, false or "never", got "always"',
    );
  });
});
