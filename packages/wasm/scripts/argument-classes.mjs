// Reads how AssemblyScript lays out the arguments of kernels, and writes the TypeScript that encodes them.

/** Bytes of the types that a field may have; a field is aligned to its size. */
const bytesOf = { usize: 4, i32: 4, u32: 4, f32: 4, u64: 8 };

/**
 * Every `@unmanaged export class …Arguments` of a source, with the offset of each field in bytes. Fields that differ by a
 * number at the end, from 0 on, are one list: `sizes0`, `sizes1` make `sizes`.
 */
export function readArgumentClasses(source) {
  const classes = source.matchAll(/^@unmanaged\nexport class (\w+Arguments) \{\n(.*?)^\}/gms);
  return Array.from(classes, ([, name, body]) => ({ name, ...layOut(name, body) }));
}

function layOut(name, body) {
  const fields = [];
  let bytes = 0;
  for (const [, field, type] of withoutComments(body).matchAll(/(\w+): (\w+);/g)) {
    const size = bytesOf[type];
    if (size === undefined) throw new Error(`${name}.${field}: no encoding for the type ${type}`);
    const offset = Math.ceil(bytes / size) * size;
    bytes = offset + size;
    addField(fields, { name: field, type, offset });
  }
  return { fields, bytes };
}

function withoutComments(text) {
  return text.replace(/\/\*\*.*?\*\//gs, "").replace(/\/\/.*/g, "");
}

function addField(fields, field) {
  const [, list, index] = /^(.*?)(\d*)$/.exec(field.name);
  const known = fields.find(({ name, isList }) => isList && name === list);
  if (known) known.offsets.push(field.offset);
  else if (index === "0") fields.push({ ...field, name: list, isList: true, offsets: [field.offset] });
  else fields.push({ ...field, offsets: [field.offset] });
}

/** The interface of a class, and the function that writes it to the heap. */
export function encoderSource({ name, fields, bytes, file }) {
  const members = fields.map((field) => `  readonly ${field.name}: ${field.isList ? "readonly number[]" : "number"};`);
  return `/** ${bytes} bytes, laid out in assembly/${file}. */
export interface ${name} {
${members.join("\n")}
}

function encode${name}({ words, floats, at }: ArgumentViews, args: ${name}): void {
${fields.flatMap(assignments).join("\n")}
}`;
}

function assignments({ name, type, isList, offsets }) {
  return offsets.flatMap((offset, index) => {
    const value = isList ? `args.${name}[${index}]!` : `args.${name}`;
    const at = offset === 0 ? "at" : `at + ${offset / 4}`;
    if (type === "f32") return [`  floats[${at}] = ${value};`];
    if (type !== "u64") return [`  words[${at}] = ${value};`];
    return [`  words[${at}] = ${value};`, `  words[at + ${offset / 4 + 1}] = ${value} / 2 ** 32;`];
  });
}
