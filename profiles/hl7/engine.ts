/** HL7's Java validator as a second opinion: started once, asked over HTTP on this machine, stopped. Nothing is downloaded. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OperationOutcome } from 'fhir/r4.js'
import { HarnessError } from '../../harness/errors.ts'

export interface Hl7Options {
  readonly jar: string
  /** `id#version` (in the FHIR package cache) or paths of packages. */
  readonly packages: readonly string[]
  readonly anyExtensions: boolean
  /** Milliseconds that it may take to load its definitions. */
  readonly patience?: number
}
export interface Hl7Engine {
  /** As the jar says it. */
  readonly version: string
  validate(resource: Buffer, profiles: readonly string[]): Promise<OperationOutcome>
  stop(): Promise<void>
}

/** Starts the validator. Throws `bad-input` with the remedy where jar or Java are not there, `cannot-reach` where it does not start. */
export async function startHl7({ jar, packages, anyExtensions, patience = 300_000 }: Hl7Options): Promise<Hl7Engine> {
  if (!existsSync(jar))
    throw new HarnessError('bad-input', `HL7's validator is not at ${jar}`, {
      remedy: 'name your own with --jar validator_cli.jar, or fetch it: npm run hl7-validator:install',
    })
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0)
    throw new HarnessError('bad-input', "HL7's validator needs Java 17, and there is no java in the PATH", {
      remedy: 'install a Java runtime, or leave --engine away: our own engine needs none',
    })
  const { default: FhirValidator } = await import('fhir-validator-wrapper')
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const validator = new FhirValidator(jar, quiet)
  try {
    await validator.start({
      version: '4.0.1',
      txServer: 'n/a',
      txLog: join(tmpdir(), 'vitruvian-hl7-validator-tx.log'),
      igs: packages,
      port: await freePort(),
      timeout: patience,
      autoDownload: false,
    })
  } catch (cause) {
    await validator.stop()
    const said = validator.lastOutput.split('\n').filter((line) => /Exception|Unable|Error/.test(line))
    throw new HarnessError('cannot-reach', `HL7's validator did not start: ${said[0] ?? (cause as Error).message}`, {
      cause,
      remedy:
        'it loads its packages from ~/.fhir/packages, and from the FHIR package registry where that can be reached',
    })
  }
  return {
    version: validator.jarVersion() ?? 'of unknown version',
    async validate(resource, profiles) {
      const asked = new URLSearchParams(profiles.map((profile) => ['profile', profile]))
      if (anyExtensions) asked.append('extension', 'any')
      // As our own policy has it: addresses of the example domains are examples.
      asked.append('allowExampleUrls', 'true')
      const outcome = await post(`${validator.baseUrl}/validateResource?${asked}`, resource)
      if (failed(outcome) === undefined) return outcome
      // Validators before 6.10 have other names for the parameters: those that the wrapper uses.
      const older = await validator.validate(resource, {
        ...(profiles.length > 0 && { profiles }),
        anyExtensionsAllowed: anyExtensions,
      })
      if (failed(older) === undefined) return older
      throw new HarnessError('not-decided', `HL7's validator could not judge: ${failed(outcome)}`)
    },
    stop: () => validator.stop(),
  }
}

/** The validator is asked by HTTP itself, because the parameters that the wrapper sends are not those of every version. */
async function post(url: string, resource: Buffer): Promise<OperationOutcome> {
  const xml = resource.subarray(0, 1024).toString('utf8').trimStart().startsWith('<')
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': `application/fhir+${xml ? 'xml' : 'json'}`, Accept: 'application/fhir+json' },
    body: new Uint8Array(resource),
  })
  return (await answer.json()) as OperationOutcome
}

/** What kept the service from judging, or undefined. */
const failed = ({ issue }: OperationOutcome): string | undefined =>
  issue.map(({ details }) => details?.text).find((text) => text?.startsWith('Operation failed'))

/** A port that nobody listens on now. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new HarnessError('internal', 'no port was given')
  return address.port
}
