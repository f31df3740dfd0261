/** HL7's Java validator as a second opinion: started once, asked over HTTP on this machine, stopped. It never gets to the network. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OperationOutcome } from 'fhir/r4.js'
import { HarnessError } from '../../harness/errors.ts'
import { learn } from './demands.ts'
import { type Provision, provide, type Wanted } from './provision.ts'

export interface Hl7Options extends Wanted {
  readonly jar: string
  readonly anyExtensions: boolean
  /** Milliseconds that it may take to load its definitions. */
  readonly patience?: number
}
export interface Hl7Engine {
  /** As the jar says it. */
  readonly version: string
  /** What it was given instead of what it should have, in words. */
  readonly notes: readonly string[]
  validate(resource: Buffer, profiles: readonly string[]): Promise<OperationOutcome>
  /** The most memory that it held so far, in bytes; undefined where the system does not tell. */
  memory(): number | undefined
  stop(): Promise<void>
}

/** The validator tells what it loads of itself one package at a time, and only when it lacks it. */
const attempts = 6

/** Starts the validator. Throws `bad-input` with the remedy where jar, Java or packages are not there, `cannot-reach` where it does not start. */
export async function startHl7(options: Hl7Options): Promise<Hl7Engine> {
  const { jar } = options
  if (!existsSync(jar))
    throw new HarnessError('bad-input', `HL7's validator is not at ${jar}`, {
      remedy: 'name your own with --jar validator_cli.jar, or fetch it: npm run hl7-validator:install',
    })
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0)
    throw new HarnessError('bad-input', "HL7's validator needs Java 17, and there is no java in the PATH", {
      remedy: 'install a Java runtime, or leave --engine away: our own engine needs none',
    })
  const { size, mtimeMs } = statSync(jar)
  const named = `${jar} ${size} ${mtimeMs}`
  for (let attempt = 1; ; attempt++) {
    const provision = provide(options, named)
    try {
      return await started(options, provision)
    } catch (trouble) {
      const said = trouble instanceof HarnessError ? trouble.message : ''
      if (attempt === attempts || !learn(provision.demands, named, said)) throw trouble
    }
  }
}

async function started(
  { jar, anyExtensions, patience = 600_000 }: Hl7Options,
  provision: Provision,
): Promise<Hl7Engine> {
  const { default: FhirValidator } = await import('fhir-validator-wrapper')
  const troubles: string[] = []
  const hear = (line: string): void => {
    if (/Exception|Unable|Error/.test(line)) troubles.push(line.replace(/^Validator(-err)?: /, ''))
  }
  const validator = new FhirValidator(jar, { info: hear, warn: () => undefined, error: hear })
  const port = await freePort()
  const release = setJavaOptions(provision.home)
  try {
    const starting = validator.start({
      version: '4.0.1',
      txServer: 'n/a',
      txLog: join(tmpdir(), 'vitruvian-hl7-validator-tx.log'),
      igs: provision.igs,
      port,
      timeout: patience,
      autoDownload: false,
    })
    release()
    await starting
  } catch (cause) {
    await validator.stop()
    throw new HarnessError(
      'cannot-reach',
      `HL7's validator did not start: ${troubles[0] ?? (cause as Error).message}`,
      {
        cause,
        remedy: /OutOfMemory/.test(troubles.join())
          ? 'give it more memory, for instance JAVA_TOOL_OPTIONS=-Xmx6g, or fewer packages with --ig'
          : 'name the packages that it lacks with --ig, or put them as .tgz into the folder that --packages names',
      },
    )
  } finally {
    release()
  }
  const { pid } = validator.process ?? {}
  return {
    version: validator.jarVersion() ?? 'of unknown version',
    notes: provision.notes,
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
    memory: () => (pid === undefined ? undefined : peakOf(pid)),
    stop: () => validator.stop(),
  }
}

/**
 * Java takes options for itself from the environment alone, since the wrapper names the jar first: a home folder with our package cache,
 * and a proxy that is not there, so that whatever it would fetch fails at once and nothing leaves the machine. Gives back what undoes it.
 */
function setJavaOptions(home: string): () => void {
  const before = process.env.JDK_JAVA_OPTIONS
  const offline = ['http', 'https'].map((each) => `-D${each}.proxyHost=127.0.0.1 -D${each}.proxyPort=9`)
  process.env.JDK_JAVA_OPTIONS = [
    ...(before ? [before] : []),
    `"-Duser.home=${home}"`,
    ...offline,
    '"-Dhttp.nonProxyHosts=localhost|127.*|[::1]"',
  ].join(' ')
  return () => {
    if (before === undefined) delete process.env.JDK_JAVA_OPTIONS
    else process.env.JDK_JAVA_OPTIONS = before
  }
}

/** The high water mark of a process, where the system keeps one to be read. */
function peakOf(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
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
