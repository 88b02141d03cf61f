import { ValueError } from "@tfblocks/tensor-utils";
import { chatTemplate } from "@tfblocks/text/chat";
import { chatSnippetFixtures, chatSnippetVariables as variables, chatTemplateNow } from "@tfblocks/fixtures/chat-templates";
import { describe, expect, it } from "vitest";

const messages = [{ role: "user", content: "Hi" }];
const now = new Date(chatTemplateNow);
const results = chatSnippetFixtures.map(({ source, expected }) => {
  try {
    return { source, expected, text: chatTemplate({ chat_template: source }).render(messages, { variables, now }) };
  } catch (error) {
    const reason = /got the error "(.*)"$/s.exec((error as Error).message)?.[1];
    return { source, expected, error, reason: reason?.replaceAll('\\"', '"') };
  }
});

describe("the language of templates", () => {
  it("is never silently other than Python's Jinja", () => {
    expect(results.filter(({ error }) => error !== undefined && !(error instanceof ValueError))).toEqual([]);
    expect(results.length).toBeGreaterThan(200);
    expect(results.filter(({ text, expected }) => text !== undefined && text !== expected)).toEqual([]);
  });

  it("lacks these parts, which it refuses by name", () => {
    const refused = results.filter(({ text, expected }) => text === undefined && expected !== undefined);
    expect(refused.map(({ source, reason }) => `${JSON.stringify(source)}: ${reason}`)).toMatchInlineSnapshot(`
      [
        ""{{ [1] * 2 }}": the operator "*" between list and int is not supported",
        ""{{ \\"%s!\\" % \\"a\\" }}": the operator "%" between str and str is not supported",
        ""{{ \\"{}!\\".format(\\"a\\") }}": the method "format" of str is not supported",
        ""{{ range }}": function is not text",
        ""{{ namespace(a=1) }}": namespace is not text",
        ""{{ numbers|map(\\"string\\") }}": generator is not text",
        ""{{ 9007199254740993 }}": the number 9007199254740993 is beyond 2^53",
        ""{{ dict.__class__ }}": the attribute "__class__" is not allowed",
        ""{{ \\"abc\\".index(\\"c\\") }}": the method "index" of str is not supported",
        ""{{ \\"abc\\".zfill(5) }}": the method "zfill" of str is not supported",
        ""{{ \\"\\\\d\\" }}": Unexpected escaped character: d",
        ""{{ \\"<b>\\"|safe + \\"<c>\\" }}": Markup and str cannot be added",
        ""{{ (\\"<b>\\"|safe)|length }}": the value of the filter safe can only be written",
        ""{{ (\\"<b>\\"|safe)[0] }}": the value of the filter safe can only be written",
        ""{{ \\"<b>\\"|escape }}": the filter "escape" is not supported",
        ""{{ \\"<b>\\"|e }}": the filter "e" is not supported",
        ""{{ list|batch(2)|list }}": the filter "batch" is not supported",
        ""{{ 2.5|round }}": the filter "round" is not supported",
        ""{{ numbers|sum }}|{{ numbers|max }}": the filter "sum" is not supported",
        ""{{ n is divisibleby(3) }}": Parser Error: Expected closing expression token. OpenParen !== CloseExpression.",
        ""{{ n is divisibleby 3 }}": Parser Error: Expected closing expression token. NumericLiteral !== CloseExpression.",
        ""{{ n is in numbers }}": Parser Error: Expected closing expression token. Identifier !== CloseExpression.",
        ""{{ [n is eq(3), 1] }}": the test "eq" takes one argument, got 0",
        ""{{ n is sameas(3) }}": Parser Error: Expected closing expression token. OpenParen !== CloseExpression.",
        ""{% set x | upper %}abc{% endset %}{{ x }}": only variables and attributes of a namespace can be set",
        ""{{ strftime_now(\\"%U\\") }}": strftime_now does not support "%U"",
        ""{% raw %}{{ x }}{% endraw %}": Unknown statement type: raw",
        ""{% with a = 1 %}{{ a }}{% endwith %}": Unknown statement type: with",
        ""{{ (1,) }}": Unexpected token: CloseParen",
        ""{{ dict.items() }}": view of a dict is not text",
        ""{{ cycler(\\"a\\", \\"b\\").next() }}": the function "cycler" is not supported",
        ""{% for x in range(3) recursive %}{{ x }}{% endfor %}": Parser Error: Expected closing statement token. Identifier !== CloseStatement.",
        ""{%+ if yes %}a{% endif %}": Unknown statement, got UnaryOperator",
        ""  {%+ if yes %}a{% endif +%}\\nb": Unknown statement, got UnaryOperator",
        ""{#": Missing end of comment tag",
      ]
    `);
  });
});
