/** The harness's own troubles. None of them is ever counted against a system under test. */

/**
 * `interrupted` `bad-plan` `bad-input` `cannot-reach` `cannot-set-up` `not-seen` `not-answered` `port-taken` `file-trouble` `internal`
 * are the codes between rooms; the cli turns each into a sentence and an exit code.
 */
export type HarnessErrorCode =
  | 'interrupted'
  | 'bad-plan'
  | 'bad-input'
  | 'cannot-reach'
  | 'cannot-set-up'
  | 'not-seen'
  | 'not-answered'
  | 'not-decided'
  | 'port-taken'
  | 'file-trouble'
  | 'internal'

/** An error between rooms: what happened, where, and the remedy that the tester can apply. */
export class HarnessError extends Error {
  readonly code: HarnessErrorCode
  readonly remedy: string | undefined
  constructor(code: HarnessErrorCode, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'HarnessError'
    this.code = code
    this.remedy = options.remedy
  }
}

/** True when `error` is ours and carries that code. */
export const isHarnessError = (error: unknown, ...codes: HarnessErrorCode[]): error is HarnessError =>
  error instanceof HarnessError && (codes.length === 0 || codes.includes(error.code))

/** What one process tells another of an error: its code, what happened (a stack where nobody foresaw it), what to do. */
export function troubleOf(error: unknown): { code: HarnessErrorCode; message: string; remedy?: string } {
  if (isHarnessError(error))
    return { code: error.code, message: error.message, ...(error.remedy ? { remedy: error.remedy } : {}) }
  return { code: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
