/**
 * The plan: a run's choices in one file that a tester can share. YAML, checked whole before anything is played; every
 * mistake is named with its line. Secrets are named by file, never written in it.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Document, isNode, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { parseEditions } from '../guides/editions.ts'
import type { Editions } from '../harness/edition.ts'
import { HarnessError, isHarnessError } from '../harness/errors.ts'

const https = z
  .url({ protocol: /^https$/, error: 'must be an https:// URL' })
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
          fhir: https.describe('FHIR base behind mutual TLS'),
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
      .record(z.string().regex(/^[A-Z][a-z]+ [A-Z][a-z]+$/, 'must be a member of the cast, like "Ana Adams"'), member)
      .optional(),
    behaviour: z
      .strictObject({ segmentation: z.enum(['excludes', 'tags', 'cannot']).optional() })
      .optional()
      .describe('which of its legal choices the system has made'),
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

/** Reads and checks a plan. Throws `bad-plan` with every mistake and its line. */
export function readPlan(path: string): Plan {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new HarnessError('bad-plan', `the plan ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
      remedy: 'give the path of a plan file; "npx vitruvian simulate --kit DIR" writes one to start from',
    })
  }
  const lines = new LineCounter()
  const document = parseDocument(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${path}:${line}:${col}`
  }
  const mistakes: string[] = document.errors.map((e) => `${at(e.pos[0])} ${firstLine(e.message)}`)
  if (mistakes.length > 0) throw bad(mistakes)

  const raw: unknown = document.toJS() ?? {}
  const result = planSchema.safeParse(raw)
  const where = (keys: readonly PropertyKey[]): string => at(offsetOf(document, keys))
  for (const issue of result.error?.issues ?? []) {
    const unknown = issue.code === 'unrecognized_keys'
    for (const keys of unknown ? issue.keys.map((key) => [...issue.path, key]) : [issue.path])
      mistakes.push(`${where(keys)} ${name(keys)}${unknown ? 'is not a word of the plan' : readable(issue)}`)
  }
  const fileOf = (name: string): string => resolve(dirname(resolve(path)), name)
  for (const [keys, name] of filesOf(raw))
    if (!existsSync(fileOf(name))) mistakes.push(`${where(keys)} ${keys.join('.')}: there is no file ${fileOf(name)}`)
  const editions: Editions[] = []
  const named = (raw as { editions?: unknown }).editions
  for (const [i, edition] of (Array.isArray(named) ? named : []).entries()) {
    if (typeof edition !== 'string') continue
    try {
      editions.push(parseEditions(edition))
    } catch (error) {
      if (!isHarnessError(error)) throw error
      mistakes.push(`${where(['editions', i])} editions.${i}: ${error.message} (${error.remedy})`)
    }
  }
  if (!result.success || mistakes.length > 0) throw bad(inOrder(mistakes))
  const { editions: _named, ...rest } = result.data
  return {
    ...rest,
    ...(editions.length ? { editions } : {}),
    synthetic: rest.data === 'synthetic',
    fileOf,
  }
}

/** By line, then by column: as one reads the file. */
const inOrder = (mistakes: readonly string[]): string[] => {
  const place = (mistake: string): number => {
    const [, line, column] = /:(\d+):(\d+) /.exec(mistake) ?? []
    return Number(line ?? 0) * 10_000 + Number(column ?? 0)
  }
  return [...mistakes].sort((a, b) => place(a) - place(b))
}

const bad = (mistakes: readonly string[]): HarnessError =>
  new HarnessError(
    'bad-plan',
    `the plan has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n  ${mistakes.join('\n  ')}`,
    {
      remedy:
        'the words of a plan: cli/plan.schema.json (your editor can read it), example: "npx vitruvian simulate --kit DIR"',
    },
  )

const firstLine = (text: string): string => text.split('\n')[0] as string
const name = (keys: readonly PropertyKey[]): string => (keys.length ? `${keys.join('.')}: ` : '')

function readable(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && /undefined/.test(issue.message)) return 'is missing'
  if (issue.code === 'invalid_key') return issue.issues.map((inner) => inner.message).join('; ')
  if (issue.code === 'too_small') return 'must not be empty'
  return issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
}

/** Offset of the node at these keys, or of the nearest one above that is there. */
function offsetOf(document: Document, keys: readonly PropertyKey[]): number {
  for (let n = keys.length; n > 0; n--) {
    const path = keys.slice(0, n)
    const parent = n === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
    // The key itself is a better place to point at than its value.
    const pair = (parent as { items?: { key?: { value?: unknown; range?: number[] } }[] } | null)?.items?.find(
      (item) => item?.key?.value === path.at(-1),
    )
    if (pair?.key?.range) return pair.key.range[0] as number
    const node = document.getIn(path, true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

const fileKeys = new Set(['certificate', 'key', 'signingKey', 'hooksKey', 'bundle', 'submitted'])

/** Every file that the plan names, with the keys that name it; also in a plan that has other mistakes. */
function filesOf(node: unknown, path: readonly PropertyKey[] = []): [readonly PropertyKey[], string][] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]): [readonly PropertyKey[], string][] => {
    const here = [...path, key]
    if (key === 'roots' && Array.isArray(value))
      return value.filter((root) => typeof root === 'string').map((root, i) => [[...here, i], root])
    if (fileKeys.has(key) && typeof value === 'string') return [[here, value]]
    return filesOf(value, here)
  })
}

/** JSON Schema of a plan, for editors. */
export const planJsonSchema = (): unknown => z.toJSONSchema(planSchema, { io: 'input', target: 'draft-7' })
