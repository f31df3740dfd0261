/**
 * The plan: a run's choices in one file that a tester can share. YAML, checked whole before anything is played; every
 * mistake is named with its line. Secrets are named by file, never written in it.
 */
import { readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Document, LineCounter, parseDocument, visit } from 'yaml'
import { z } from 'zod'
import { parseEditions } from '../guides/editions.ts'
import { defaults } from '../harness/config.ts'
import type { Editions } from '../harness/edition.ts'
import { HarnessError, isHarnessError } from '../harness/errors.ts'
import { castNames } from '../simulators/fixtures/cast.ts'
import { fileTroubles } from './plan-files.ts'
import { type Mistake, offsetOf, ruleMistakes, told, yamlMistakes } from './plan-mistakes.ts'

const https = z
  .url({ protocol: /^https$/, error: 'must be an https:// URL' })
  .refine((url) => !/[?#]/.test(url), { error: 'must be an address without ? and #' })
  .transform((url) => url.replace(/\/+$/, ''))
  .describe('an https:// URL')
const identifier = z
  .strictObject({ system: z.string().min(1), value: z.string().min(1) })
  .describe('identifier of the organization, as Consent actors and Coverage.payor name it')
const file = z.string().min(1).describe('path of a file, relative to the plan')

const member = z
  .strictObject({
    bundle: file
      .optional()
      .describe('FHIR Bundle with everything that the system holds for this person, Patient and Coverage included'),
    patient: z
      .string()
      .regex(/^[A-Za-z0-9\-.]{1,64}$/, 'must be a logical id, without "Patient/"')
      .optional()
      .describe('logical id of the Patient at the system'),
    member: identifier.optional().describe('unique member identifier (UMB) at the system'),
    submitted: file
      .optional()
      .describe('Parameters or Bundle with MemberPatient, CoverageToMatch and CoverageToLink to be submitted'),
    discover: z
      .strictObject({ fhir: https, patient: z.string().min(1) })
      .optional()
      .describe('read Patient and Coverage from this FHIR base, which needs no token, and take the rest from there'),
    twins: z.boolean().optional().describe('the system holds two members with these demographics and this card'),
    blocked: z
      .boolean()
      .optional()
      .describe('the member has told the system to share nothing with the requesting payer'),
  })
  .refine((m) => m.bundle || m.submitted || m.discover, {
    error: 'needs one of: bundle (load this), submitted (map ids), discover (from your data)',
  })

const credentials = z.strictObject({
  name: z.string().optional(),
  uri: z.url().optional().describe("URI in the certificate's SAN"),
  identifier: identifier.optional(),
  certificate: file.describe('PEM chain of the client certificate, leaf first'),
  key: file.describe('PEM of its private key'),
})
const client = z.strictObject({
  id: z.string().min(1).describe('client_id that the system gave out'),
  signingKey: file.describe('PKCS#8 PEM of the key that signs assertions'),
  alg: z.enum(['ES384', 'RS384']),
  kid: z.string().min(1),
})
const requester = z.strictObject({
  credentials: credentials
    .optional()
    .describe('client certificate; without it one is issued by the community of the harness'),
  client: client.optional().describe('a registration made by hand; without it the client registers itself'),
})

export const planSchema = z
  .strictObject({
    title: z.string().min(1).optional(),
    editions: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('each "pdex@2.2.0" or "pdex@2.1.0,us-core@6.1.0"; the scenarios are played once for each'),
    tags: z.string().optional().describe('only scenarios with these tags'),
    packages: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe(
        'FHIR packages beside the shipped ones: each id#version (in ~/.fhir/packages), or the path of a .tgz or folder, relative to the plan; they come first',
      ),
    download: z
      .boolean()
      .optional()
      .describe('fetch packages that are not at hand from the public FHIR package registry; without it nothing is'),
    seats: z.strictObject({
      'responding payer': z
        .strictObject({
          name: z.string().min(1),
          identifier,
          uri: z.url().optional(),
          fhir: https
            .refine((url) => !url.endsWith('/metadata'), { error: 'must be the FHIR base, the part before /metadata' })
            .describe('FHIR base behind mutual TLS'),
          open: https.optional().describe('FHIR base over ordinary TLS, where discovery documents are'),
          token: https.optional().describe('token endpoint; without it smart-configuration tells'),
          registration: https
            .optional()
            .describe('registration endpoint; without it the bundle or smart-configuration tells'),
          roots: z
            .array(file)
            .min(1)
            .optional()
            .describe("roots of the server's certificate; without it the community root of the harness"),
          credentials: z
            .strictObject({ certificate: file, key: file })
            .optional()
            .describe(
              "the system's own certificate and key, where the harness may apply to the trust community in its name",
            ),
          hooks: https.optional().describe('address of the test hooks, if the system offers them'),
          hooksKey: file.optional().describe('file with the bearer key of the hooks'),
        })
        .describe('the system under test'),
    }),
    community: z
      .strictObject({
        folder: z.string().optional().describe('where the certificate authorities of the harness are kept'),
        port: z.int().min(1).max(65535).optional(),
        address: z.string().optional(),
      })
      .optional()
      .describe('the trust community that the harness plays: revocation lists must be reachable for the system'),
    requesters: z
      .strictObject({ 'requesting payer': requester.optional(), 'another payer': requester.optional() })
      .optional(),
    people: z
      .partialRecord(z.enum(castNames), member)
      .optional()
      .describe('which member of the system plays which part of the cast'),
    behaviour: z
      .strictObject({ segmentation: z.enum(['excludes', 'tags', 'cannot']).optional() })
      .optional()
      .describe('which of its legal choices the system has made'),
    longestWait: z
      .int()
      .min(1)
      .max(defaults.longestOfAll)
      .optional()
      .describe(
        'seconds that the run waits at most for one thing, such as an export or the end of a token; 120 unless told',
      ),
    data: z
      .enum(['synthetic', 'real'])
      .default('real')
      .describe('real: demographics are masked in reports that may be shared'),
  })
  .describe('Plan of a Vitruvian run')

export type PlanFile = z.infer<typeof planSchema>
export interface Plan extends Omit<PlanFile, 'editions'> {
  readonly editions?: readonly Editions[]
  readonly synthetic: boolean
  /** Absolute path of a file that the plan names. */
  readonly fileOf: (name: string) => string
}

/** Where editors find the words of a plan. */
const schemaPath = fileURLToPath(new URL('plan.schema.json', import.meta.url))

/** Reads and checks a plan. Throws `bad-plan` with every mistake and its line. */
export function readPlan(path: string): Plan {
  const text = planText(path)
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const refuse = (mistakes: readonly Mistake[]): HarnessError => bad(told(mistakes, path, lines))
  if (document.errors.length > 0) throw refuse(yamlMistakes(document.errors))
  const raw = plainOf(document, refuse)
  const result = planSchema.safeParse(raw)
  const mistakes = (result.error?.issues ?? []).flatMap((issue) => ruleMistakes(issue, { document, raw, words }))
  const at = (keys: readonly PropertyKey[], says: string): void =>
    void mistakes.push({ offset: offsetOf(document, keys), says: `${keys.join('.')}: ${says}` })
  const fileOf = (name: string): string => resolve(dirname(resolve(path)), name)
  for (const [keys, says] of fileTroubles(raw, fileOf)) at(keys, says)
  const editions: Editions[] = []
  const named = (raw as { editions?: unknown }).editions
  for (const [i, edition] of (Array.isArray(named) ? named : []).entries()) {
    if (typeof edition !== 'string') continue
    try {
      editions.push(parseEditions(edition))
    } catch (error) {
      if (!isHarnessError(error)) throw error
      at(['editions', i], `${error.message} (${error.remedy})`)
    }
  }
  if (!result.success || mistakes.length > 0) throw refuse(mistakes)
  const { editions: _named, ...rest } = result.data
  return {
    ...rest,
    ...(editions.length ? { editions } : {}),
    synthetic: rest.data === 'synthetic',
    fileOf,
  }
}

/** Throws `bad-plan` for what is no text. */
function planText(path: string): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new HarnessError('bad-plan', `the plan ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
      remedy: 'give the path of a plan file; "npx vitruvian simulate --kit DIR" writes one to start from',
    })
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // Told below.
  }
  throw new HarnessError('bad-plan', `the plan ${path} is not text in UTF-8`, {
    remedy: 'save it as UTF-8 (on Windows, what PowerShell redirects by ">" may be UTF-16)',
  })
}

/** What the document says, with its aliases resolved; one that is empty says nothing. */
function plainOf(document: Document, refuse: (mistakes: readonly Mistake[]) => HarnessError): unknown {
  try {
    return document.toJS() ?? {}
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    const lost: Mistake[] = []
    visit(document, {
      Alias(_key, alias) {
        if (!alias.resolve(document))
          lost.push({
            offset: alias.range?.[0] ?? 0,
            says: `*${alias.source}: nothing above is marked &${alias.source}`,
          })
      },
    })
    throw refuse(lost.length > 0 ? lost : [{ offset: 0, says: 'its aliases (*name) multiply beyond measure' }])
  }
}

/** The words that may stand at these keys. */
function words(keys: readonly PropertyKey[]): string[] {
  type Schema = {
    properties?: Record<string, Schema>
    propertyNames?: { enum?: string[] }
    additionalProperties?: Schema
    items?: Schema
  }
  const here = keys.reduce<Schema | undefined>(
    (schema, key) =>
      typeof key === 'number' ? schema?.items : (schema?.properties?.[String(key)] ?? schema?.additionalProperties),
    planJsonSchema() as Schema,
  )
  return here?.propertyNames?.enum ?? Object.keys(here?.properties ?? {})
}

/** As one would type it. */
const near = (path: string): string => {
  const way = relative(process.cwd(), path)
  return way.startsWith('..') ? path : way
}

const bad = (mistakes: readonly string[]): HarnessError =>
  new HarnessError(
    'bad-plan',
    `the plan has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n  ${mistakes.join('\n  ')}`,
    {
      remedy: `its words: ${near(schemaPath)} (your editor can read it); "npx vitruvian simulate --kit DIR" writes a plan to start from`,
    },
  )

/** JSON Schema of a plan, for editors. */
export const planJsonSchema = (): unknown => z.toJSONSchema(planSchema, { io: 'input', target: 'draft-7' })
