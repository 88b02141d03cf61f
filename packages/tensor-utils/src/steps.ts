// Steps that are recorded once and repeated without the bookkeeping between their kernels.

export { CapturedStep } from "./steps/captured-step.js";
export { activeRecorder, checkEachRun, current, type Live, liveTensor, recordedBy, repeatEachRun } from "./steps/live.js";
export { allowRepetition, mayBeRepeated } from "./steps/repeatable.js";
export { provideRecording, type RecordedStep, type StepRecorder } from "./steps/step-recorder.js";
