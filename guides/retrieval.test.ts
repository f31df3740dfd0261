/** What every check of retrieval has in common: without evidence it says nothing, and trouble of ours is no fault of theirs. */
import { describe, expect, it } from 'vitest'
import { type Check, verdictOf } from '../harness/check.ts'
import { Transcript } from '../harness/transcript.ts'
import { bulkChecks } from './bulk/checks/index.ts'
import { coreChecks } from './core/checks/index.ts'
import { conformanceChecks } from './hrex/checks/conformance.ts'
import { provenanceChecks as hrexProvenanceChecks } from './hrex/checks/provenance.ts'
import { rightsChecks } from './hrex/checks/rights.ts'
import { guides } from './index.ts'
import { capabilityChecks } from './pdex/checks/capability.ts'
import { capabilityRowChecks } from './pdex/checks/capability-rows.ts'
import { dataChecks } from './pdex/checks/data.ts'
import { deviceChecks } from './pdex/checks/devices.ts'
import { docrefChecks } from './pdex/checks/docref.ts'
import { documentChecks } from './pdex/checks/documents.ts'
import { everythingChecks } from './pdex/checks/everything.ts'
import { exportChecks } from './pdex/checks/export.ts'
import { generalChecks } from './pdex/checks/general.ts'
import { httpChecks } from './pdex/checks/http.ts'
import { includeChecks } from './pdex/checks/includes.ts'
import { medicationChecks } from './pdex/checks/medications.ts'
import { offeredIncludeChecks } from './pdex/checks/offered-includes.ts'
import { ownProfileChecks } from './pdex/checks/own-profiles.ts'
import { permissionChecks } from './pdex/checks/permissions.ts'
import { preciseDateChecks } from './pdex/checks/precise-dates.ts'
import { provenanceChecks } from './pdex/checks/provenance.ts'
import { resourceNoteChecks } from './pdex/checks/resource-notes.ts'
import { retrievalChecks } from './pdex/checks/retrieval.ts'
import { searchingChecks } from './pdex/checks/searching.ts'
import { sourceFormatChecks } from './pdex/checks/source-formats.ts'
import { transmissionChecks } from './pdex/checks/transmission.ts'
import { outcome, sceneOf, searchset, told, transcriptOf } from './told/told.ts'

const checks: readonly Check[] = [
  ...coreChecks,
  ...bulkChecks,
  ...conformanceChecks,
  ...hrexProvenanceChecks,
  ...rightsChecks,
  ...capabilityChecks,
  ...capabilityRowChecks,
  ...dataChecks,
  ...everythingChecks,
  ...exportChecks,
  ...generalChecks,
  ...httpChecks,
  ...includeChecks,
  ...offeredIncludeChecks,
  ...medicationChecks,
  ...searchingChecks,
  ...docrefChecks,
  ...preciseDateChecks,
  ...ownProfileChecks,
  ...permissionChecks,
  ...provenanceChecks,
  ...sourceFormatChecks,
  ...transmissionChecks,
  ...resourceNoteChecks,
  ...deviceChecks,
  ...documentChecks,
  ...retrievalChecks,
]
const named = checks.map((one) => [one.id, one] as const)
const editions = [
  { pdex: '2.2.0', hrex: '1.2.0', 'us-core': '6.1.0', 'carin-bb': '2.1.0' },
  { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '3.1.1', 'carin-bb': '2.1.0' },
]

describe.each(editions)('under pdex $pdex', (chosen) => {
  const scene = sceneOf({ editions: chosen })

  it.each(named)('%s says nothing of an empty transcript', (_, one) => {
    expect(verdictOf(one, new Transcript(), scene).code).toBe('skip')
  })

  it.each(named)('%s says nothing when only a token was asked for', (_, one) => {
    const transcript = transcriptOf(
      told('member-token', 'https://old.example/auth/token', {
        method: 'POST',
        answer: { access_token: 't', patient: 'ana' },
      }),
    )
    expect(verdictOf(one, transcript, scene).code).toBe('skip')
  })

  it.each(named)('%s blames nobody for answers that never came', (_, one) => {
    const transcript = transcriptOf(
      told('member-token', 'https://old.example/auth/token', {
        method: 'POST',
        answer: { access_token: 't', patient: 'ana' },
      }),
      told('metadata', 'metadata', { lost: true }),
      told('search', 'Condition?patient=ana', { lost: true }),
      told('search', 'Condition/_search', { method: 'POST', lost: true }),
      told('read', 'Condition/c1', { lost: true }),
      told('read', 'Condition/none', { lost: true, intent: { mistake: 'unknown-id' } }),
      told('vread', 'Condition/c1/_history/1', { lost: true }),
      told('everything', 'Patient/ana/$everything', { lost: true }),
      told('export-kick-off', 'Patient/$export', {
        lost: true,
        headers: { Prefer: 'respond-async', Accept: 'application/fhir+json', Authorization: 'Bearer t' },
      }),
      told('export-status', 'https://old.example/fhir/_export/1', { lost: true }),
      told('export-file', 'https://old.example/fhir/_export/1/a', { lost: true }),
      told('export-delete', 'https://old.example/fhir/_export/1', { method: 'DELETE', lost: true }),
      told('binary', 'Binary/b1', { lost: true }),
    )
    const { code } = verdictOf(one, transcript, scene)
    // Requests of ours are judged all the same: they were made.
    const ofOurs = [
      'PDEX-105',
      'BULK-002',
      'BULK-014',
      'BULK-015',
      'PDEX-125',
      'PDEX-339',
      'PDEX-355',
      'CORE-038',
      'BULK-053',
      'BULK-057',
      'BULK-086',
    ]
    expect(ofOurs.includes(one.requirement) || code === 'skip' || code === 'error', `${one.id}: ${code}`).toBe(true)
  })
})

describe('the lists', () => {
  it('hold each check once, with the verb of the ledger', () => {
    const ledger = new Map(guides.flatMap(({ requirements }) => requirements).map((row) => [row.id, row.level]))
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length)
    expect(checks.filter(({ requirement, verb }) => ledger.get(requirement) !== verb)).toEqual([])
  })

  it('leave no automatic statement of these flows without a check or a reason', () => {
    const judged = new Set(guides.flatMap((guide) => guide.checks).map(({ requirement }) => requirement))
    const flows: Readonly<Record<string, readonly string[] | 'all'>> = {
      pdex: ['RET', 'PROV', 'DATA', 'CAP', 'GEN'],
      hrex: ['RET', 'PROV', 'GEN'],
      core: 'all',
      bulk: 'all',
    }
    const open = guides.flatMap(({ key, requirements }) =>
      requirements.filter(
        ({ id, flow, testability, untested }) =>
          (flows[key] === 'all' || flows[key]?.includes(flow)) &&
          testability.startsWith('automatic') &&
          !untested &&
          !judged.has(id),
      ),
    )
    expect(open.map(({ id }) => id)).toEqual([])
  })
})

describe('a transcript that holds only refusals', () => {
  it.each(named)('%s does not pass by them', (_, one) => {
    const transcript = transcriptOf(
      told('search', 'Condition?patient=iris', {
        status: 403,
        answer: outcome('forbidden'),
        intent: { mistake: 'foreign' },
      }),
      told('everything', 'Patient/iris/$everything', {
        status: 404,
        answer: outcome(),
        intent: { mistake: 'foreign' },
      }),
      told('search', 'Condition?patient=ana', { status: 200, answer: searchset([]) }),
    )
    const { code } = verdictOf(one, transcript, sceneOf())
    // What is true of the refusals themselves may pass: their words, their labels, the empty searchset beside them.
    const ofThese = [
      'CORE-002',
      'CORE-003',
      'CORE-020',
      'CORE-021',
      'CORE-031',
      'CORE-033',
      'PDEX-329',
      'PDEX-330',
      'PDEX-339',
    ]
    if (!ofThese.includes(one.requirement)) expect(['skip', 'warning', 'fail']).toContain(code)
  })
})
