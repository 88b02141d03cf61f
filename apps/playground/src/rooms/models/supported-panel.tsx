import type { JSX } from "preact";
import { Term } from "../../ui/term.js";

/** Families by the name that `config.json` gives them, and models of each. families.node.test.ts checks that these are all. */
export const families: readonly (readonly [names: readonly string[], models: string])[] = [
  [["gpt2"], "GPT-2, DistilGPT-2"],
  [["llama", "mistral", "qwen2", "qwen3", "smollm3", "olmo2", "granite", "phi3"], "Llama, Mistral, Qwen, SmolLM, OLMo 2, Granite, Phi"],
  [["gemma2", "gemma3_text"], "Gemma 2, and the text models of Gemma 3"],
  [["gpt_neox"], "GPT-NeoX, Pythia"],
  [["bert", "distilbert"], "BERT, DistilBERT, models that embed sentences"],
  [["roberta", "xlm-roberta"], "RoBERTa, XLM-RoBERTa"],
  [["t5"], "T5, Flan-T5"],
];

/** Small models that are known to many, with the size of their weights on the disk. */
const smallModels = ["Pythia 70M, 170 MB", "T5 small, 240 MB", "DistilBERT, 270 MB", "SmolLM2 135M, 270 MB", "DistilGPT-2, 350 MB"];

/** What can be opened, and where to find it. */
export function SupportedPanel(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="supported-title">
      <header class="panel-head">
        <h2 id="supported-title">What can be opened</h2>
        <p class="teaches">
          A folder in the format of Hugging Face: <code>config.json</code>, <code>tokenizer.json</code> and <code>model.safetensors</code>,
          in one file or in several parts with their index. So is the zip that Train saves.
        </p>
      </header>
      <div class="supported-columns">
        <table class="families">
          <thead>
            <tr>
              <th scope="col">Models</th>
              <th scope="col">model_type in config.json</th>
            </tr>
          </thead>
          <tbody>
            {families.map(([names, models]) => (
              <tr key={models}>
                <td>{models}</td>
                <td>{names.join(", ")}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <div class="supported-part">
          <h3>How large</h3>
          <p class="teaches">
            In memory each <Term name="parameter">parameter</Term> takes four bytes, and a page has at most 4 GB: up to about a billion
            parameters. The page refuses a larger model before it reads the weights. Maps are quick up to some hundred million parameters.
          </p>
        </div>
        <div class="supported-part">
          <h3>Where to get one</h3>
          <p class="teaches">
            Public collections of models have thousands in this format. In the list of files of a model, download the three files above into
            one folder. Small ones that are good to look at:
          </p>
          <ul class="small-models">
            {smallModels.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
          <p class="teaches">
            A model in PyTorch’s own format (<code>.bin</code>), in GGUF or with quantised weights cannot be opened; the page says what to
            do instead. Any model in transformers becomes such a folder by <code>model.save_pretrained("folder")</code> and{" "}
            <code>
              tokenizer.
              <wbr />
              save_pretrained("folder")
            </code>
            .
          </p>
        </div>
      </div>
    </section>
  );
}
