import { zeros } from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { StateDictError } from "./block.js";
import { checkInteger, checkRate, isPositive } from "./check-number.js";
import { describeValue } from "./describe-value.js";
import { AllocationError, ArgumentError, DisposedError, DTypeError, PropertyError, ShapeError, ValueError } from "./errors.js";

const fault = { operation: "attention", argument: "key", expected: "[batch, keyLength]", received: "[2]" };

describe("ArgumentError", () => {
  it.each(Object.entries({ AllocationError, ArgumentError, DisposedError, DTypeError, PropertyError, ShapeError, ValueError }))(
    "%s has its name and the facts of its message as fields",
    (name, Kind) => {
      const error = new Kind(fault);
      expect(error).toMatchObject({ name, ...fault });
      expect(String(error)).toBe(`${name}: attention: key must be [batch, keyLength], got [2]`);
      expect(error).toBeInstanceOf(ArgumentError);
      expect("advice" in error).toBe(false);
    },
  );

  it("ends with the advice", () => {
    const error = new ValueError({ ...fault, advice: "add a batch" });
    expect(error.advice).toBe("add a batch");
    expect(error.message).toMatchInlineSnapshot(`"attention: key must be [batch, keyLength], got [2]; add a batch"`);
  });

  it("lists the entries of a state that does not match", () => {
    expect(new StateDictError("Linear.loadStateDict", ["weight", "bias"], [], ['"scale" is [2], expected [3]'])).toMatchInlineSnapshot(
      `[StateDictError: Linear.loadStateDict: state does not match the parameters: missing "weight", "bias"; "scale" is [2], expected [3]]`,
    );
  });
});

describe("describeValue", () => {
  const dead = zeros([2]);
  dead.dispose();
  it.each([
    [zeros([2, 3], "int32"), "int32 [2, 3]"],
    [zeros([]), "float32 []"],
    [dead, "a disposed tensor"],
    [undefined, "undefined"],
    [null, "null"],
    [Number.NaN, "NaN"],
    [true, "true"],
    [1n, "bigint"],
    [Symbol("secret"), "symbol"],
    [() => 1, "function"],
    ["a\nb", '"a\\nb"'],
    ["x".repeat(1000), `"${"x".repeat(37)}..."`],
    [[1, 2, 3], "an array of length 3"],
    [new Int32Array(3), "an Int32Array of length 3"],
    [new DataView(new ArrayBuffer(4)), "an object"],
    [Object.create(null), "an object"],
    [{ toString: () => "liar" }, "an object"],
  ])("describes %#", (value, expected) => {
    expect(describeValue(value)).toBe(expected);
  });
});

describe("checkRate and checkInteger", () => {
  it.each([[0], [0.5], [1 - 2 ** -53]])("accept the rate %d", (rate) => {
    checkRate("dropout", "rate", rate);
  });

  it.each([[1], [-Number.MIN_VALUE], [Number.NaN], [Infinity], ["0.5"], [undefined], [null], [true]])("reject the rate %s", (rate) => {
    expect(() => checkRate("dropout", "rate", rate)).toThrow(ValueError);
  });

  it.each([[0], [-1], [Infinity], [Number.NaN], [Number.MIN_VALUE]])("know that %d is not positive and finite", (value) => {
    expect(isPositive(value)).toBe(false);
    expect(isPositive(1e-45)).toBe(true);
  });

  it.each([[1.5], [0], [2 ** 53], [Number.NaN], ["2"], [2n], [[2]]])("reject %s as an integer >= 1", (value) => {
    expect(() => checkInteger("Linear", "inFeatures", value, 1)).toThrow("Linear: inFeatures must be an integer >= 1, got");
  });
});
