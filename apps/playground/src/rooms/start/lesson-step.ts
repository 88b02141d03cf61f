import type { JSX } from "preact";
import type { Workspace, WorkspaceState } from "../../workspace/workspace.js";
import type { RoomCompute } from "../room.js";
import type { LessonReadings } from "./lesson-readings.js";

/** What the pictures of the lesson get. */
export interface StepProps {
  readonly compute: RoomCompute;
  /** That of the lesson: the reader's own, which the other rooms show, stays as it is. */
  readonly workspace: Workspace;
  readonly readings: LessonReadings;
}

/** A question of the lesson and its answer. */
interface LessonQuestion {
  readonly question: string;
  readonly answer: JSX.Element;
}

/** One step of the lesson: what it says, a picture that one can touch, a question and its answer. */
export interface LessonStep {
  /** Its name in tests and styles. */
  readonly id: string;
  readonly title: string;
  /** What the step shows at first. */
  readonly start: WorkspaceState;
  readonly Teaches: () => JSX.Element;
  readonly Picture: (props: StepProps) => JSX.Element;
  /** What it asks about its picture. */
  readonly asks: (shown: WorkspaceState) => LessonQuestion;
  /** The rooms that go deeper into it. */
  readonly more: readonly { readonly room: string; readonly title: string }[];
}
