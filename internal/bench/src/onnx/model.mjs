import { bytesField, floatField, integerField, textField } from "./protobuf.mjs";

const float32 = 1;
const attributeTypes = { float: 1, integer: 2 };
const opsets = { "": 20, "com.microsoft": 1 };

/**
 * An ONNX model of float32 tensors as bytes. Field numbers are those of onnx.proto3.
 *
 * @param nodes `{ op, domain?, inputs, outputs, attributes? }`; "" is an absent input; an attribute that is a whole
 *   number is an integer unless it is given as `{ float }`
 * @param inputs name -> shape
 * @param outputs name -> shape
 */
export function onnxModel({ nodes, inputs, outputs }) {
  const graph = [
    ...nodes.flatMap((node) => bytesField(1, nodeProto(node))),
    ...textField(2, "bench"),
    ...Object.entries(inputs).flatMap(([name, shape]) => bytesField(11, valueInfo(name, shape))),
    ...Object.entries(outputs).flatMap(([name, shape]) => bytesField(12, valueInfo(name, shape))),
  ];
  const opsetImports = Object.entries(opsets).flatMap(([domain, version]) =>
    bytesField(8, [...textField(1, domain), ...integerField(2, version)]),
  );
  return Uint8Array.from([...integerField(1, 9), ...bytesField(7, graph), ...opsetImports]);
}

function nodeProto({ op, domain = "", inputs, outputs, attributes = {} }) {
  return [
    ...inputs.flatMap((name) => textField(1, name)),
    ...outputs.flatMap((name) => textField(2, name)),
    ...textField(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) => bytesField(5, attributeProto(name, value))),
    ...textField(7, domain),
  ];
}

function attributeProto(name, value) {
  const isFloat = typeof value === "object";
  const field = isFloat ? floatField(2, value.float) : integerField(3, value);
  return [...textField(1, name), ...field, ...integerField(20, isFloat ? attributeTypes.float : attributeTypes.integer)];
}

function valueInfo(name, shape) {
  const dimensions = shape.flatMap((length) => bytesField(1, integerField(1, length)));
  const tensorType = [...integerField(1, float32), ...bytesField(2, dimensions)];
  return [...textField(1, name), ...bytesField(2, bytesField(1, tensorType))];
}
