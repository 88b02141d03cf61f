import { readWorkspace, writeWorkspace } from "../../workspace/workspace-link.js";
import type { WorkspaceState } from "../../workspace/workspace.js";
import { lesson, lessonName } from "./lesson.js";

/** A place in the lesson: the index of the step, and what it shows. */
export interface LessonPlace {
  readonly step: number;
  readonly shown: WorkspaceState;
}

const prefix = "at-";

/** The place of a link, for example `lesson=attention&step=3`. Steps count from 1; without a valid one it is the first. */
export function readPlace(parameters: URLSearchParams): LessonPlace {
  const number = parameters.get("lesson") === lessonName ? Number(parameters.get("step")) : 1;
  const step = Number.isInteger(number) && number >= 1 && number <= lesson.length ? number - 1 : 0;
  const own = [...parameters].filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]);
  const { start } = lesson[step]!;
  return { step, shown: own.length === 0 ? start : readWorkspace(new URLSearchParams(own)) };
}

/** A place as parameters of a link; what a step shows is there only if the reader has changed it. */
export function writePlace({ step, shown }: LessonPlace): URLSearchParams {
  const parameters = new URLSearchParams({ lesson: lessonName, step: String(step + 1) });
  const text = writeWorkspace(shown).toString();
  if (text === writeWorkspace(lesson[step]!.start).toString()) return parameters;
  for (const [name, value] of new URLSearchParams(text)) parameters.set(`${prefix}${name}`, value);
  return parameters;
}
