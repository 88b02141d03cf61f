import { chatTemplate, type RenderOptions } from "@tfblocks/text/chat";
import { describe, expect, it } from "vitest";

const render = (template: string, variables: Record<string, unknown> = {}, options: RenderOptions = {}) =>
  chatTemplate({ chat_template: template }).render([{ role: "user", content: "Hi" }], { variables, ...options });
const errorOf = (run: () => unknown): string => {
  try {
    return `no error, but ${JSON.stringify(run())}`;
  } catch (error) {
    return (error as Error).message;
  }
};

const double = (start: string, statement: string) =>
  `{% set ns = namespace(x=${start}) %}{% for i in range(99999) %}${statement}{% endfor %}`;

describe("the cost of a hostile template", () => {
  it.each([
    ["a range of 1e9", "{% for i in range(1000000000) %}a{% endfor %}"],
    ["a loop in a loop", "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}"],
    ["a text that doubles", double('"aaaa"', "{% set ns.x = ns.x ~ ns.x %}")],
    ["a list that doubles", double("[1]", "{% set ns.x = ns.x + ns.x %}")],
    ["a list in itself twice, written", `${double("[1]", "{% if i < 60 %}{% set ns.x = [ns.x, ns.x] %}{% endif %}")}{{ ns.x }}`],
    ["a list in itself twice, as JSON", `${double("[1]", "{% if i < 60 %}{% set ns.x = [ns.x, ns.x] %}{% endif %}")}{{ ns.x | tojson }}`],
    ["a list in itself twice, compared", `${double("[1]", "{% if i < 60 %}{% set ns.x = [ns.x, ns.x] %}{% endif %}")}{{ ns.x == ns.x }}`],
    ["a list nested 90,000 deep", `${double("[]", "{% if i < 90000 %}{% set ns.x = [ns.x] %}{% endif %}")}{{ ns.x }}`],
    ["a macro that calls itself", "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"],
    ["a macro that calls itself twice", "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(90) }}"],
    ["a replacement that multiplies", '{% set x = "a" * 1000000 %}{{ x | replace("a", x) }}'],
    ["a join that multiplies", '{{ range(99999) | join("a" * 99999) }}'],
    ["an indent of 1e9", '{{ "a\nb" | indent(1000000000) }}'],
    ["JSON with an indent of 1e9", "{{ [1] | tojson(indent=1000000000) }}"],
    ["repeated text", '{{ "a" * 1000000000 }}'],
    ["many scans", '{% set x = "ab" * 999999 %}{% for i in range(99999) %}{% if "c" in x %}{% endif %}{% endfor %}'],
    ["many large texts", '{% set x = "ab" * 999999 %}{% for i in range(99999) %}{% set y = x.upper() %}{% endfor %}'],
    ["a text of digits", '{% set x = "1" * 2000000 ~ "x" %}{% for i in range(99999) %}{% if x | int %}{% endif %}{% endfor %}'],
    ["unique items", "{{ range(99999) | unique | list | length }}"],
  ])("is stopped: %s", (_name, template) => {
    const start = performance.now();
    expect(errorOf(() => render(template))).toMatch(
      /(takes more than 5000000 steps|makes a text of more than 4194304 characters|at most 100000 items|nested (too deeply|more than 100 deep))/,
    );
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it("has limits that can be set", () => {
    const loop = "{% for i in range(100) %}a{% endfor %}";
    expect(render(loop, {}, { maxSteps: 2000, maxLength: 100 })).toBe("a".repeat(100));
    expect(errorOf(() => render(loop, {}, { maxSteps: 100 }))).toContain("takes more than 100 steps");
    expect(errorOf(() => render(loop, {}, { maxLength: 99 }))).toContain("makes a text of more than 99 characters");
  });
});

describe("the source of a hostile template", () => {
  it.each([
    ["parentheses", `{{ ${"(".repeat(200_000)}1${")".repeat(200_000)} }}`, /nested too deeply/],
    ["blanks", `{{ 1 }}${" ".repeat(500_000)}x`, /more than 1000 blanks in a row/],
    ["openings", "{%".repeat(300_000), /known syntax/],
    ["a long text", "a".repeat(1_000_001), /more than 1000000 characters/],
  ])("is refused when it is read: %s", (_name, template, message) => {
    const start = performance.now();
    expect(errorOf(() => chatTemplate({ chat_template: template }))).toMatch(message);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it("is refused when its sums are nested too deeply to calculate", () => {
    expect(errorOf(() => render(`{{ 1${"+1".repeat(100_000)} }}`))).toMatch(/nested too deeply/);
  });
});

describe("the reach of a hostile template", () => {
  it("reaches no prototype, and changes none", () => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const odd = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}') as object;
    expect(
      render("{{ odd.__proto__.polluted }}{{ odd.constructor.prototype.polluted }}{{ {}.constructor }}{{ ''.constructor }}", { odd }),
    ).toBe("11");
    expect(errorOf(() => render("{% set ns = namespace() %}{% set ns.__proto__ = 1 %}"))).toContain("starts with an underscore");
    expect(errorOf(() => render("{{ messages.constructor.constructor('return 1')() }}"))).toContain(
      '\\"constructor\\" of a list is undefined',
    );
    expect(render("{% set ns = namespace(constructor=5) %}{{ ns.constructor }}{{ ns.toString }}")).toBe("5");
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
