/** What is used of fhir-validator-wrapper, which brings no types. */
declare module 'fhir-validator-wrapper' {
  import type { OperationOutcome } from 'fhir/r4.js'

  interface Logger {
    info(message: string): void
    warn(message: string): void
    error(message: string): void
  }
  class FhirValidator {
    constructor(jar: string, logger?: Logger)
    readonly baseUrl: string | null
    readonly process: { readonly pid?: number } | null
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
