/** Judges what is in files and lines: reads, validates, and sums up what is alike. The same in every thread. */
import { readFileSync, statSync } from 'node:fs'
import { shippedPackages } from '../definitions.ts'
import { Coverage, type CoverageCount } from '../must-support/coverage.ts'
import { packageAt } from '../packages/find.ts'
import type { DefinitionPackage } from '../packages/package.ts'
import type { Policy } from '../policy.ts'
import { answerCache } from '../terminology/answer-cache.ts'
import { type TerminologyService, terminologyService } from '../terminology/service.ts'
import { createValidator } from '../validator.ts'
import { type LineBatch, linesOf } from './batches.ts'
import { readDocument, readLine } from './document.ts'
import { Gathering } from './gathering.ts'
import { type References, resolverOf } from './references.ts'
import type { Outcome } from './report.ts'
import { defaultLimits, type Limits, sizeText, type Trouble } from './trouble.ts'

/** What to judge by. Plain data, so that it can be handed to another thread. */
export interface Setup {
  /** Folders and tarballs of packages beside the shipped ones; they come first. */
  readonly packages: readonly string[]
  /** Package id and the version that a canonical without version means. */
  readonly editions: readonly (readonly [id: string, version: string])[]
  readonly profiles: readonly string[]
  readonly policy?: Partial<Policy>
  /** Keep findings of severity information with each resource too; else they are only counted. */
  readonly everything: boolean
  /** Count which must-support elements occur. */
  readonly mustSupport: boolean
  /** Where the targets of references lie among the inputs. */
  readonly references?: References
  /** A terminology server that decides what the definitions leave open. */
  readonly terminology?: {
    readonly base: string
    /** File in which its answers are kept. */
    readonly cache?: string
    /** Milliseconds. */
    readonly timeout?: number
  }
}

/** A piece of work for a thread. */
export type Work =
  | { readonly kind: 'files'; readonly files: readonly FileToJudge[] }
  | { readonly kind: 'lines'; readonly source: string; readonly batch: LineBatch }
  | { readonly kind: 'document'; readonly source: string; readonly bytes: Uint8Array<ArrayBuffer> }

export interface FileToJudge {
  readonly path: string
  /** How it is called in reports. */
  readonly source: string
  /** Named by the user: it must hold a resource. In a folder, JSON of another kind is passed over. */
  readonly named: boolean
}

/** A judge keeps its compiled definitions from one piece of work to the next. */
export interface Judge {
  judge(work: Work): Outcome
  /** The same, with what a terminology server says to the questions that came up. */
  judgeAsking(work: Work): Promise<Outcome>
  knows(profile: string): boolean
  coverage(): readonly CoverageCount[]
}

/** Packages beside the shipped ones first, each read once. */
export const packagesOf = (setup: Pick<Setup, 'packages'>): readonly DefinitionPackage[] => [
  ...setup.packages.map(packageAt),
  ...shippedPackages(),
]

/** Makes a judge. */
export function createJudge(setup: Setup, limits: Limits = defaultLimits): Judge {
  const packages = packagesOf(setup)
  const editions = new Map(setup.editions)
  const service = setup.terminology && serviceOf(setup.terminology)
  const validator = createValidator({
    packages,
    editions,
    ...(setup.policy ? { policy: setup.policy } : {}),
    ...(service ? { terminology: service.decide } : {}),
    ...(setup.references ? { resolve: resolverOf(setup.references) } : {}),
  })
  const coverage = setup.mustSupport ? new Coverage(packages, editions) : undefined

  /** Validates one document and puts what was found into the outcome. */
  const judgeBytes = (
    into: Gathering,
    bytes: Uint8Array,
    at: { source: string; line?: number; named: boolean },
  ): void => {
    into.totals.bytes += bytes.length
    const place = { source: at.source, ...(at.line !== undefined && { line: at.line }) }
    const read = at.line === undefined ? readDocument(bytes, limits) : readLine(bytes, at.line, limits)
    const { value, troubles } = read
    if (value === undefined) {
      into.add({ ...place, troubles, findings: [] })
      return
    }
    const { resourceType, id } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
    if (typeof resourceType !== 'string') {
      if (!at.named && troubles.every(({ severity }) => severity !== 'error')) {
        into.totals.passedOver++
        return
      }
      const what =
        value === null
          ? 'null'
          : Array.isArray(value)
            ? 'an array'
            : typeof value === 'object'
              ? 'an object without resourceType'
              : `a ${typeof value}`
      const message = `This is ${what}, not a FHIR resource.`
      const trouble: Trouble = {
        severity: 'error',
        code: 'json-not-a-resource',
        message,
        line: at.line ?? 1,
        column: 1,
      }
      into.add({ ...place, troubles: [...troubles, trouble], findings: [] })
      return
    }
    const named = { ...place, type: resourceType, ...(typeof id === 'string' && { id }) }
    try {
      const findings = validator.validate(value, { profiles: setup.profiles })
      into.add({ ...named, troubles, findings: read.placed(findings) })
      if (coverage) into.seen.push(value as Record<string, unknown>)
    } catch (error) {
      into.totals.unjudged++
      const message = `The validator itself failed here, so nothing is said about the resource: ${error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 2).join(' ') : String(error)}`
      const trouble: Trouble = { severity: 'error', code: 'engine-trouble', message, line: at.line ?? 1, column: 1 }
      into.add({ ...named, troubles: [...troubles, trouble], findings: [] })
    }
  }

  /** One piece of work; what it held is counted only when the word on it is final. */
  const gather = (work: Work): Gathering => {
    const into = new Gathering(setup.everything)
    if (work.kind === 'lines') {
      if (work.batch.oversize) {
        const message = `The line is longer than ${sizeText(limits.line)} and was passed over.`
        const line = work.batch.firstLine
        const trouble: Trouble = { severity: 'error', code: 'input-too-large', message, line, column: 1 }
        into.add({ source: work.source, line, troubles: [trouble], findings: [] })
      } else
        for (const { bytes, line } of linesOf(work.batch))
          judgeBytes(into, bytes, { source: work.source, line, named: true })
    } else if (work.kind === 'document') judgeBytes(into, work.bytes, { source: work.source, named: true })
    else
      for (const { path, source, named } of work.files) {
        const read = bytesOf(path, limits)
        if (read instanceof Uint8Array) judgeBytes(into, read, { source, named })
        else {
          if (read.code === 'input-unreadable') into.totals.unjudged++
          into.add({ source, troubles: [read], findings: [] })
        }
      }
    return into
  }
  const final = (into: Gathering): Outcome => {
    for (const value of into.seen) coverage?.see(value, setup.profiles)
    return into.outcome()
  }

  return {
    knows: (profile) => validator.knows(profile),
    coverage: () => coverage?.counts() ?? [],
    judge: (work) => final(gather(work)),
    async judgeAsking(work) {
      let into = gather(work)
      // An answer can open further questions (another slice, another profile), but hardly more than twice.
      for (let round = 0; service && round < 3 && (await service.ask()) > 0; round++) into = gather(work)
      return final(into)
    },
  }
}

const serviceOf = ({ base, cache, timeout }: NonNullable<Setup['terminology']>): TerminologyService =>
  terminologyService({
    base,
    ...(timeout === undefined ? {} : { timeout }),
    ...(cache === undefined ? {} : { cache: answerCache(cache, base) }),
  })

/** The bytes of a file, or why it is not read. */
function bytesOf(path: string, limits: Limits): Uint8Array | Trouble {
  try {
    const { size } = statSync(path)
    if (size <= limits.document) return readFileSync(path)
    const message = `The file has ${sizeText(size)}; one JSON document may have ${sizeText(limits.document)}. Many resources belong into NDJSON, one a line, which may have any size.`
    return { severity: 'error', code: 'input-too-large', message, line: 1, column: 1 }
  } catch (error) {
    const message = `The file cannot be read: ${(error as Error).message}`
    return { severity: 'error', code: 'input-unreadable', message, line: 1, column: 1 }
  }
}
