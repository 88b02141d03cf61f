import { type ChatConfig, type ChatMessage, chatTemplate, type RenderOptions } from "@tfblocks/text/chat";
import { chatTemplateFixtures, chatTemplateNow } from "@tfblocks/fixtures/chat-templates";
import { describe, expect, it } from "vitest";

const now = new Date(chatTemplateNow);
const hello: ChatMessage[] = [{ role: "user", content: "Hi" }];
const errorOf = (run: () => unknown): string => {
  try {
    return `no error, but ${JSON.stringify(run())}`;
  } catch (error) {
    return (error as Error).message;
  }
};

describe("chatTemplate writes what transformers writes", () => {
  it.each(chatTemplateFixtures.map((fixture) => [fixture.name, fixture] as const))("%s", (_name, { config, renders }) => {
    const chat = chatTemplate(config as ChatConfig);
    for (const { expected, error, messages, ...options } of renders) {
      const write = () => chat.render(messages as readonly ChatMessage[], { ...options, now });
      if (error === undefined) expect(write()).toBe(expected);
      else expect(errorOf(write)).toContain(JSON.stringify(error));
    }
  });
});

describe("the messages that ChatTemplate.render refuses", () => {
  it("messages of a wrong shape, by name", () => {
    const chat = chatTemplate({ chat_template: "{{ messages }}" });
    const refusal = (messages: unknown) => errorOf(() => chat.render(messages as ChatMessage[]));
    expect([
      refusal([]),
      refusal("Hi"),
      refusal([null]),
      refusal([...hello, { content: "no role" }]),
      refusal([{ role: 1, content: "a" }]),
      refusal([{ role: "user" }]),
      refusal([{ role: "user", content: null }]),
      refusal([{ role: "user", content: 5 }]),
      refusal([{ role: "user", content: { text: "a" } }]),
      refusal([{ role: "user", content: [{ at: new Date() }] }]),
      refusal([{ role: "user", content: "a", weight: Number.NaN }]),
    ]).toMatchInlineSnapshot(`
      [
        "ChatTemplate.render: messages must be a list of one message or more, got an array of length 0",
        "ChatTemplate.render: messages must be a list of one message or more, got "Hi"",
        "ChatTemplate.render: messages[0] must be an object with a role, got null",
        "ChatTemplate.render: messages[1].role must be text, got undefined",
        "ChatTemplate.render: messages[0].role must be text, got 1",
        "ChatTemplate.render: messages[0].content must be text or a list of parts, got undefined",
        "ChatTemplate.render: messages[0].content must be text or a list of parts, got null",
        "ChatTemplate.render: messages[0].content must be text or a list of parts, got 5",
        "ChatTemplate.render: messages[0].content must be text or a list of parts, got an object",
        "ChatTemplate.render: messages[0].content[0].at must be JSON: text, a finite number, a boolean, null, a list or an object, got an object",
        "ChatTemplate.render: messages[0].weight must be JSON: text, a finite number, a boolean, null, a list or an object, got NaN",
      ]
    `);
  });
});

describe("the options that ChatTemplate.render refuses", () => {
  it("data that contains itself", () => {
    const tool: Record<string, unknown> = {};
    tool["self"] = tool;
    expect(errorOf(() => chatTemplate({ chat_template: "" }).render(hello, { tools: [tool] }))).toMatch(/nested at most 100 deep/);
  });

  it("options of a wrong kind", () => {
    const refusal = (options: unknown) => errorOf(() => chatTemplate({ chat_template: "" }).render(hello, options as RenderOptions));
    expect([
      refusal({ add_generation_prompt: true }),
      refusal({ addGenerationPrompt: "yes" }),
      refusal({ tools: [() => 1] }),
      refusal({ tools: {} }),
      refusal({ variables: { tools: [] } }),
      refusal({ template: "tool_use" }),
      refusal({ now: new Date("x") }),
      refusal({ maxSteps: 0 }),
    ]).toMatchInlineSnapshot(`
      [
        "ChatTemplate.render: unknown option "add_generation_prompt"; it is called "addGenerationPrompt" here; known options: addGenerationPrompt, tools, documents, variables, template, now, maxSteps, maxLength",
        "ChatTemplate.render: addGenerationPrompt must be true or false, got "yes"",
        "ChatTemplate.render: tools must be a list of objects, got an array of length 1",
        "ChatTemplate.render: tools must be a list of objects, got an object",
        "ChatTemplate.render: variables must be further variables, got "tools", which has an argument of its own",
        "ChatTemplate.render: template must be one of "default", got "tool_use"",
        "ChatTemplate.render: now must be a valid Date, got an object",
        "ChatTemplate.render: maxSteps must be an integer >= 1, got 0",
      ]
    `);
  });
});

describe("chatTemplate", () => {
  it("takes a template, several by name, or a list", () => {
    const named = { default: "d", tool_use: "{{ tools | length }}" };
    const listed = Object.entries(named).map(([name, template]) => ({ name, template }));
    for (const templates of [named, listed]) {
      const chat = chatTemplate({ chat_template: templates });
      expect(chat.names).toEqual(["default", "tool_use"]);
      expect([chat.render(hello), chat.render(hello, { tools: [{}, {}] }), chat.render(hello, { tools: [], template: "default" })]).toEqual(
        ["d", "2", "d"],
      );
    }
    expect(errorOf(() => chatTemplate({ chat_template: { rag: "" } }).render(hello))).toMatch(
      /template must be one of "rag", got "default"/,
    );
  });

  it("passes special tokens as text", () => {
    const config = {
      bos_token: "<s>",
      eos_token: { __type: "AddedToken", content: "</s>" },
      pad_token: null,
      chat_template: "{{ bos_token }}{{ eos_token }}{{ pad_token is defined }}",
    };
    expect(chatTemplate(config).render(hello)).toBe("<s></s>False");
    expect(chatTemplate(config).render(hello, { variables: { bos_token: "<b>" } })).toBe("<b></s>False");
  });
});

describe("the configs that chatTemplate refuses", () => {
  it("refuses configs without a readable template or with tokens of a wrong kind", () => {
    const refusal = (config: unknown) => errorOf(() => chatTemplate(config as ChatConfig));
    expect([
      refusal({}),
      refusal(null),
      refusal({ chat_template: 1 }),
      refusal({ chat_template: [] }),
      refusal({ chat_template: [{ name: "default" }] }),
      refusal({ chat_template: "{% raw %}a{% endraw %}" }),
      refusal({ chat_template: { default: "", rag: "{{ a" } }),
      refusal({ chat_template: "", bos_token: 1 }),
    ]).toMatchInlineSnapshot(`
      [
        "chatTemplate: config.chat_template must be a template, or a list of names and templates, got undefined",
        "chatTemplate: config must be a parsed tokenizer_config.json, got null",
        "chatTemplate: config.chat_template must be a template, or a list of names and templates, got 1",
        "chatTemplate: config.chat_template must be a template, or a list of names and templates, got an array of length 0",
        "chatTemplate: config.chat_template must be a template, or a list of names and templates, got an array of length 1",
        "chatTemplate: chat_template "default" must be a template of known syntax, got the error "Unknown statement type: raw"",
        "chatTemplate: chat_template "rag" must be a template of known syntax, got the error "Unexpected end of input"",
        "chatTemplate: config.bos_token must be text, or a token with content, got 1",
      ]
    `);
  });
});
