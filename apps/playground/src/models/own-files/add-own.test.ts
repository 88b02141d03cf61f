import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { modelIdPattern } from "../model-id.js";
import { ownFolder } from "../testing/own-folder.js";
import { makeZip, type ZipFile } from "../testing/make-zip.js";
import { ownModelOf } from "./add-own.js";
import type { OwnModel } from "./own-model.js";
import { zipEntries } from "./zip-entries.js";

vi.stubGlobal("navigator", {});

const go = { step: async () => true };
const folder = () => ownFolder("gpt2");

const pick = (files: ReadonlyMap<string, Blob>, name = "") => ownModelOf({ name, files }, go) as Promise<OwnModel>;
const pickZip = (zip: Blob, name = "mini.zip") => pick(new Map([[name, zip]]));

async function refusal(picked: Promise<unknown>): Promise<string> {
  return picked.then(
    () => "opened",
    (error: Error) => (error.name === "Error" ? error.message : String(error)),
  );
}

/** The files of a small model as those of a zip. */
async function contents(prefix = "", options: Partial<ZipFile> = {}): Promise<[string, ZipFile][]> {
  const files = [...(await folder())].map(async ([name, file]): Promise<[string, ZipFile]> => {
    return [`${prefix}${name}`, { content: new Uint8Array(await file.arrayBuffer()), ...options }];
  });
  return Promise.all(files);
}

async function expectSame({ files }: OwnModel): Promise<void> {
  const expected = await folder();
  expect([...files.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
  for (const [name, file] of expected) expect(await files.get(name)!.text()).toBe(await file.text());
}

describe("picked files", () => {
  test("may be three files, a folder, or a folder in folders; the same files have the same id", async () => {
    const files = await folder();
    const flat = await pick(files);
    const inFolder = await pick(new Map([...files].map(([name, file]) => [`mini/${name}`, file])), "mini");
    const deep = await pick(new Map([...files].map(([name, file]) => [`a/b/mini/${name}`, file])).set("a/README.md", new Blob(["x"])), "a");
    for (const own of [flat, inFolder, deep]) await expectSame(own);
    expect([flat.title, inFolder.title, deep.title]).toEqual(["gpt2 model", "mini", "mini"]);
    const zipped = await pickZip(await makeZip(await contents("other name/", { packed: true })));
    const generation = await pick(new Map([...files, ["generation_config.json", new Blob(["{}"])]]));
    for (const each of [flat, deep, zipped, generation]) expect(each.id).toBe(inFolder.id);
    expect(inFolder.id).toMatch(/^own-gpt2-[0-9a-f]{8}$/);
    expect(inFolder.id).toMatch(modelIdPattern);
    const other = await pick(new Map([...(await ownFolder("llama-default"))].map(([name, file]) => [`mini/${name}`, file])), "mini");
    expect(other.id).not.toBe(inFolder.id);
  });

  test("what systems add, and folders without weights, are left out", async () => {
    const files = await folder();
    const junk = ["mini/.DS_Store", "mini/._config.json", "__MACOSX/mini/._model.safetensors", "mini/1_Pooling/config.json", "Thumbs.db"];
    const all = new Map([...files].map(([name, file]): [string, Blob] => [`mini/${name}`, file]));
    for (const each of junk) all.set(each, new Blob(["{"]));
    await expectSame(await pick(all));
  });

  test("a title of any characters gives an id for links", async () => {
    const files = await folder();
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (title) => {
        expect((await pick(files, title)).id).toMatch(modelIdPattern);
      }),
      { numRuns: 20 },
    );
  });

  test("that are not one model are refused with an error message", async () => {
    const files = [...(await folder())];
    const named = (...prefixes: string[]) =>
      new Map(prefixes.flatMap((prefix) => files.map(([name, file]) => [`${prefix}${name}`, file] as const)));
    expect([
      await refusal(pick(new Map())),
      await refusal(pick(new Map([["notes.txt", new Blob(["x"])]]))),
      await refusal(pick(new Map([["model.safetensors", new Blob(["x"])]]))),
      await refusal(pick(named("a/", "b/"))),
      await refusal(pick(named("../"))),
      await refusal(pick(named("/etc/"))),
      await refusal(pick(named("C:\\models\\"))),
      await refusal(pick(named("mini/").set("mini\\config.json", new Blob(["{}"])))),
      await refusal(pick(new Map(Array.from({ length: 20_001 }, (_, index) => [`${index}`, new Blob()])))),
      await refusal(
        pick(
          new Map([
            ["pytorch_model.bin", new Blob(["x"])],
            ["config.json", new Blob(["{}"])],
          ]),
        ),
      ),
    ]).toMatchInlineSnapshot(`
      [
        "There are no files in it. This page opens a folder in the format of Hugging Face: config.json, tokenizer.json and model.safetensors.",
        "There is no config.json among the files. This page opens a folder in the format of Hugging Face: config.json, tokenizer.json and model.safetensors.",
        "There is no config.json among the files. This page opens a folder in the format of Hugging Face: config.json, tokenizer.json and model.safetensors.",
        "There are several models: a, b. Please choose the folder of one of them.",
        "The path “../config.json” leads out of the folder, so nothing was opened.",
        "The path “/etc/config.json” leads out of the folder, so nothing was opened.",
        "The path “C:\\models\\config.json” leads out of the folder, so nothing was opened.",
        "config.json is there twice. Please choose the files of one model.",
        "There are 20001 files. Please choose the folder of one model.",
        "pytorch_model.bin is in PyTorch's own format, which may contain programs. Save the model with save_pretrained, which writes model.safetensors.",
      ]
    `);
  });
});

describe("a zip", () => {
  test("may be stored or packed, with a folder or without, with sizes of 64 bits, and with a comment", async () => {
    await expectSame(await pickZip(await makeZip(await contents())));
    await expectSame(await pickZip(await makeZip(await contents("mini/", { packed: true }), "a comment")));
    await expectSame(await pickZip(await makeZip(await contents("mini\\", { packed: true, large: true }))));
    const own = await pickZip(
      await makeZip([["mini/", { content: "" }], ...(await contents("mini/")), ["mini/onnx/model.onnx", { content: "x" }]]),
      "download (1).ZIP",
    );
    await expectSame(own);
    expect(own.title).toBe("mini");
    expect((await pickZip(await makeZip(await contents()), "grammar.zip")).title).toBe("grammar");
  });

  test("takes no copy of weights that are stored", async () => {
    const zip = await makeZip(await contents());
    const slice = vi.spyOn(zip, "slice");
    const { files } = await pickZip(zip);
    expect(slice.mock.results.map(({ value }) => value as Blob)).toContain(files.get("model.safetensors"));
  });

  test("stops when the reader cancels", async () => {
    const zip = await makeZip(await contents("", { packed: true }));
    const steps: string[] = [];
    const step = async (what: string) => (steps.push(what), false);
    expect(await ownModelOf({ name: "", files: new Map([["mini.zip", zip]]) }, { step })).toBeUndefined();
    expect(steps).toEqual(["Unpacking config.json"]);
  });

  test("is unpacked only where the model is", async () => {
    const bomb: ZipFile = { content: new Uint8Array(2 ** 20), packed: true, size: 2 ** 40 };
    await expectSame(await pickZip(await makeZip([...(await contents("mini/")), ["bomb.safetensors", bomb], ["mini/other.bin", bomb]])));
  });

  test("that is a bomb is refused by the sizes that it tells, and by those that it has", async () => {
    const others = (await contents()).filter(([name]) => name !== "model.safetensors");
    const zipOf = async (weights: ZipFile) => refusal(pickZip(await makeZip([...others, ["model.safetensors", weights]])));
    const zeros = new Uint8Array(2 ** 25);
    expect([
      await zipOf({ content: zeros, packed: true, size: 2 ** 36, large: true }),
      await zipOf({ content: zeros, packed: true, size: 2 ** 28 }),
      await zipOf({ content: zeros, packed: true, size: 1000 }),
      await zipOf({ content: zeros, packed: true, size: 2 ** 25 + 1 }),
      await zipOf({ content: "stored", size: 7 }),
    ]).toMatchInlineSnapshot(`
      [
        "The zip would become 69 GB of files, and this page takes at most 4.3 GB.",
        "The zip would become 268 MB of files from 34 kB. No model does, so it was not unpacked.",
        "The zip is damaged: model.safetensors has another size than the zip tells. Please download it again.",
        "The zip is damaged: model.safetensors has another size than the zip tells. Please download it again.",
        "The zip is damaged: model.safetensors has another size than the zip tells. Please download it again.",
      ]
    `);
  });

  test("that tells too small a size is not unpacked beyond it", async () => {
    const others = (await contents()).filter(([name]) => name !== "model.safetensors");
    const zip = await makeZip([...others, ["model.safetensors", { content: new Uint8Array(2 ** 27), packed: true, size: 2 ** 20 }]]);
    const done: number[] = [];
    const step = async (_what: string, each: number) => (done.push(each), true);
    await refusal(ownModelOf({ name: "", files: new Map([["mini.zip", zip]]) }, { step }));
    expect(Math.max(...done)).toBeLessThan(2 ** 20);
  });

  test("that is locked, packed in another way, damaged or no zip is refused with an error message", async () => {
    const whole = new Uint8Array(await (await makeZip(await contents("", { packed: true }))).arrayBuffer());
    const changed = (at: number) => new Blob([whole.map((byte, index) => (index === at ? byte ^ 0xff : byte))]);
    const { packedSize, at } = (await zipEntries(new Blob([whole]))).find(({ path }) => path === "model.safetensors")!;
    expect([
      await refusal(pickZip(await makeZip(await contents("", { isEncrypted: true })))),
      await refusal(pickZip(await makeZip(await contents("", { method: 93 })))),
      await refusal(pickZip(new Blob([whole.subarray(0, -30)]))),
      await refusal(pickZip(changed(at))),
      await refusal(pickZip(changed(at + 60 + packedSize / 2))),
      await refusal(pickZip(new Blob(["<!doctype html>"]))),
      await refusal(pickZip(await makeZip([...(await contents()), ["../config.json", { content: "{}" }]]))),
      await refusal(pickZip(await makeZip([...(await contents()), ["config.json", { content: "{}" }]]))),
      await refusal(pickZip(await makeZip([]))),
    ]).toMatchInlineSnapshot(`
      [
        "The zip is locked by a password. Please unpack it and choose its folder.",
        "config.json is packed in an unusual way. Please unpack the zip and choose its folder.",
        "The zip is damaged or incomplete. Please download it again.",
        "The zip is damaged or incomplete. Please download it again.",
        "The zip is damaged: model.safetensors has another size than the zip tells. Please download it again.",
        "mini.zip is damaged, or is no zip. Please download it again.",
        "The path “../config.json” leads out of the folder, so nothing was opened.",
        "config.json is there twice. Please choose the files of one model.",
        "There are no files in it. This page opens a folder in the format of Hugging Face: config.json, tokenizer.json and model.safetensors.",
      ]
    `);
  });

  test("of any damage gives a sentence, or the same model", async () => {
    const whole = new Uint8Array(await (await makeZip(await contents("mini/", { packed: true }))).arrayBuffer());
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, value) => {
        const zip = new Blob([whole.map((byte, index) => (index === at ? value : byte))]);
        expect(await refusal(pickZip(zip))).toMatch(/^opened$|[.)]$/);
      }),
      { numRuns: 200 },
    );
  });
});
