import { render } from "preact";
import { App } from "./app.js";
import { ComputeClient } from "./compute/compute-client.js";
import { Offline } from "./offline/offline.js";
import { reportProblem, watchProblems } from "./frame/problems.js";
import { continueTraining } from "./rooms/train/continue-training.js";
import { findRoom } from "./rooms/rooms.js";
import { Router } from "./routing/router.js";
import "./styles/index.css";
import { followTheme } from "./ui/theme.js";
import { type EntryState, LinkKeeper } from "./workspace/link-keeper.js";
import { Workspace } from "./workspace/workspace.js";
import { defaultWorkspace } from "./workspace/workspace-link.js";
import { openWorker } from "./worker/open-worker.js";

followTheme();
watchProblems();

const offline = new Offline();

const place = document.getElementById("app")!;

// On some hosts the first visit reloads the page once, as does a new build. It shows nothing before, so that nothing is computed twice.
void offline.start(sayWait).then((isReloading) => isReloading || show());

function sayWait(): void {
  render(
    <p class="waiting" role="status">
      Loading the new version …
    </p>,
    place,
  );
}

function show(): void {
  const compute = new ComputeClient(openWorker, reportProblem);
  const workspace = new Workspace(defaultWorkspace);
  const router = new Router<EntryState>(window);
  const links = new LinkKeeper(workspace, router, (name) => findRoom(name).id);
  const parts = { compute, workspace, router, links, offline };
  render(<App {...parts} />, place);
  void continueTraining(compute);
}
