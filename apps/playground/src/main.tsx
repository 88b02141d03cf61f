import { render } from "preact";
import { App } from "./app.js";
import { startCompute } from "./compute/compute-client.js";
import "./styles/index.css";
import { followTheme } from "./ui/theme.js";
import { openWorker } from "./worker/open-worker.js";

followTheme();
render(<App compute={startCompute(openWorker)} />, document.getElementById("app")!);
