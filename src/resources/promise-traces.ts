/**
 * Until the answer is called, the SDK takes no stack traces. It takes one of each promise that it makes, four for every
 * property of a resource, for a message about promises that nobody resolves; with source maps they are four fifths of
 * what it costs a program to make a resource. The place in the program it looks up all the same. An error that the
 * answer is given gets the stack of its caller.
 */
export function pausePromiseTraces(): (error?: unknown) => unknown {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  return (error) => {
    Error.stackTraceLimit = limit;
    if (error instanceof Error) Error.captureStackTrace(error);
    return error;
  };
}
