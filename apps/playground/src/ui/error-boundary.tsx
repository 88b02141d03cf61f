import { Component, type ComponentChildren } from "preact";

interface ErrorBoundaryProps {
  /** Shown in place of the children when one of them throws. @param retry shows the children again */
  readonly fallback: (error: unknown, retry: () => void) => ComponentChildren;
  readonly children: ComponentChildren;
}

interface ErrorBoundaryState {
  readonly caught: { readonly error: unknown } | undefined;
}

/** Keeps an error of its children from taking the whole page away. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { caught: undefined };

  static override getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { caught: { error } };
  }

  render(): ComponentChildren {
    const { caught } = this.state;
    const { children, fallback } = this.props;
    return caught === undefined ? children : fallback(caught.error, () => this.setState({ caught: undefined }));
  }
}
