/** What is used of fhir-validator-wrapper, which brings no types. */
declare module 'fhir-validator-wrapper' {
  import type { OperationOutcome } from 'fhir/r4.js'

  interface Logger {
    info(message: string, meta?: unknown): void
    warn(message: string, meta?: unknown): void
    error(message: string, meta?: unknown): void
  }
  class FhirValidator {
    constructor(jar: string, logger?: Logger)
    readonly lastOutput: string
    readonly baseUrl: string | null
    jarVersion(): string | undefined
    start(options: {
      version: string
      txServer: string
      txLog: string
      igs?: readonly string[]
      port?: number
      timeout?: number
      autoDownload: boolean
      extraArgs?: readonly string[]
    }): Promise<void>
    validate(
      resource: string | Buffer,
      options?: { profiles?: readonly string[]; anyExtensionsAllowed?: boolean },
    ): Promise<OperationOutcome>
    stop(): Promise<void>
  }
  export = FhirValidator
}
