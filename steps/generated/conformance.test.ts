/**
 * No conversation with a conformant payer is flagged: random members, consents and legal choices, every check there is, and
 * a decision worked out from the consent alone. 25 of them; a thousand with `npm run test:generated`.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exportsIn } from '../../guides/bulk/exports.ts'
import { requirementsById } from '../../guides/catalogue.ts'
import { resourcesIn } from '../../guides/core/received.ts'
import { guides } from '../../guides/index.ts'
import { verdictOf } from '../../harness/check.ts'
import { holdsAt } from '../../harness/edition.ts'
import { anyTerms, type Conversation, openTable, type Table, type Terms } from './conversations.ts'

// Vitest's mode, and not a variable in the script: that would be written otherwise on every system.
const runs = process.env.MODE === 'thorough' ? 1000 : 25
const seed = Number(process.env.GENERATED_SEED ?? 20260302)

let table: Table
let certs: string
beforeAll(async () => {
  certs = mkdtempSync(join(tmpdir(), 'generated-'))
  table = await openTable(certs)
})
afterAll(async () => {
  await table?.close()
  rmSync(certs, { recursive: true, force: true })
})

/** Requirements whose checks take for granted what is not so here: a consent that was revoked, a member who must be matched. */
const ofAnotherPoint = (matched: boolean): ReadonlySet<string> =>
  new Set(matched ? ['PDEX-124'] : ['PDEX-107', 'AUTH-118'])

const checks = guides.flatMap((guide) => guide.checks)

/** What any check flags, beyond advice that a choice does not follow. */
function flagged({ transcript, scene, mayWarn, expected }: Conversation): string[] {
  const others = ofAnotherPoint(expected.matched)
  return checks.flatMap((check) => {
    const requirement = requirementsById.get(check.requirement)
    const version = requirement && scene.editions[requirement.guide]
    if (!requirement || (version !== undefined && !holdsAt(requirement.versions, version))) return []
    if (others.has(check.requirement)) return []
    const { code, findings } = verdictOf(check, transcript, scene)
    if (code === 'pass' || code === 'skip' || (code === 'warning' && mayWarn.has(check.requirement))) return []
    const [first] = findings.filter(({ severity }) => severity !== 'information')
    return [
      `${code} ${check.id}: ${first?.message} (${JSON.stringify(first?.actual)?.slice(0, 120)}, ${first?.exchange})`,
    ]
  })
}

/** Keys of everything that the client got hold of. */
const received = ({ transcript, scene }: Conversation): Set<string> =>
  new Set(
    transcript
      .from(0)
      .filter((x) => x.to === scene.responder && x.response?.status === 200 && x.move !== 'member-match')
      .flatMap((x) => resourcesIn(x).map(({ resource }) => `${resource.resourceType}/${resource.id}`)),
  )

const last = ({ transcript, scene }: Conversation, move: 'member-match' | 'member-token'): number | undefined =>
  transcript.last(move, { from: scene.requester }).response?.status

/** For whoever reads of a failure. */
const told = ({ choices, editions, ...terms }: Terms): string =>
  JSON.stringify({ ...terms, editions: editions.pdex, choices: choices.map(({ id }) => id) })

it(`holds for ${runs} conversations that nobody wrote`, { timeout: 60_000 + runs * 20_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyTerms, async (terms) => {
      const conversation = await table.hold(terms)
      const { matched, hidden, shown } = conversation.expected
      const got = received(conversation)
      expect(
        {
          match: last(conversation, 'member-match'),
          token: last(conversation, 'member-token') === 200,
          disclosed: [...hidden].filter((key) => got.has(key)),
          missing: matched ? [...shown].filter((key) => !got.has(key)) : [...got],
          whole:
            terms.method !== 'export' || !matched || exportsIn(conversation.transcript, 'responding payer')[0]?.whole,
          flagged: flagged(conversation),
        },
        told(terms),
      ).toEqual({ match: matched ? 200 : 422, token: matched, disclosed: [], missing: [], whole: true, flagged: [] })
    }),
    { numRuns: runs, seed, endOnFailure: true },
  )
})
