/** What the guides leave open is no failure, and no answer is nobody's: each told in a line, with what would be wrong beside it. */
import { describe, expect, it } from 'vitest'
import {
  all,
  condition,
  everything,
  exported,
  form,
  holding,
  kickOff,
  mistake,
  one,
  patient,
  type Question,
  refused,
  search,
  three,
  titled,
  two,
} from './questions.ts'
import { provenanceOf } from './record.ts'
import { anaScene } from './story.ts'
import { base, outcome, sceneOf, searchset, type Told, told } from './told.ts'
import { heardOf } from './verdicts.ts'

const lost: Told = { lost: true }
const old = { meta: { versionId: '1', lastUpdated: '2019-01-01T00:00:00Z' } }
const encounter = { ...condition('e'), resourceType: 'Encounter', ...old }
const fresh = condition('f', { encounter: { reference: 'Encounter/e' } })
const since = '?_since=2024-01-01T00:00:00Z'
const provenance = `patient=ana&_revinclude=Provenance:target`
const observations = (query: string, more: Told = {}) =>
  told('search', `Observation?${query}`, {
    answer: searchset(
      [
        { ...one, resourceType: 'Observation' },
        { ...provenanceOf('p', ['Observation/1'], {}), mode: 'include' },
      ],
      { self: `${base}/Observation?${query}` },
    ),
    ...more,
  })
const patients = (query: string, found: readonly object[], more: Told = {}, self = query) =>
  told('search', `Patient?${query}`, { answer: searchset(found, { self: `${base}/Patient?${self}` }), ...more })
const page = searchset([one], { next: `${base}/page/2` })
const team = {
  resourceType: 'CareTeam',
  id: 't',
  participant: [{ member: { reference: 'Practitioner/p' } }],
}
const claimWith = (more: object) => ({ resourceType: 'ExplanationOfBenefit', id: 'e', use: 'claim', ...more })

const questions: readonly Question[] = [
  // A type may ask for more than a patient; what never works is not there.
  ['CORE-051', 'pass', [observations(provenance, refused()), observations(`${provenance}&category=exam`)]],
  ['CORE-051', 'fail', [observations(provenance, { status: 500 }), observations(`${provenance}&category=exam`)]],
  ['CORE-051', 'fail', [observations(provenance, refused()), observations(`${provenance}&category=exam`, refused())]],
  ['PDEX-070', 'pass', [observations(provenance, refused()), observations(`${provenance}&category=exam`)]],
  [
    'PDEX-338',
    'skip',
    ['code=1', 'code=http://snomed.info/sct|1'].map((query) => search(query, [], { ...refused(), ...form(query) })),
  ],
  [
    'PDEX-338',
    'fail',
    [search('code=1', [one], form('a')), search('code=http://snomed.info/sct|1', [], { ...refused(), ...form('b') })],
  ],

  // A modifier that is not supported has to be refused, a parameter that is not offered may be passed over.
  [
    'CORE-045',
    'pass',
    [
      patients('_id=ana', [patient]),
      patients('family=Mü', [patient], form('beginning')),
      patients('family=MÜ', [patient], form('other case')),
      patients('family=ller', [], form('middle')),
      patients('family:exact=Müller', [], { ...refused(), ...form('exact') }),
    ],
  ],
  [
    'CORE-045',
    'fail',
    [patients('_id=ana', [patient]), patients('family=Mü', [], { status: 500, ...form('beginning') })],
  ],
  ['CORE-045', 'skip', [patients('family=Xy', [patient], form('beginning'), '')]],
  ['CORE-045', 'fail', [patients('family=Xy', [patient], form('beginning'))]],
  ['CORE-042', 'skip', [search('patient=ana&onset-date=ne2024', [], { ...refused(), ...form('ne') })]],
  [
    'CORE-042',
    'fail',
    [
      search('patient=ana&onset-date=ge2020', [one, two, three], form('ge')),
      search('patient=ana&onset-date=gt2024', [], { ...refused(), ...form('gt') }),
    ],
  ],
  [
    'PDEX-354',
    'skip',
    ['ge2020-02-01T00:00:00Z', 'ge2020-02-01'].map((date) => search(`patient=ana&onset-date=${date}`, [], refused())),
  ],

  ['CORE-036', 'skip', [search('patient=ana&_count=3', [one])]],

  // Nobody was there: that is no refusal, no disclosure and no page.
  ['CORE-054', 'error', [everything('', [one]), everything('', [], mistake('foreign', lost))], anaScene()],
  ['CORE-037', 'error', [told('search', 'Condition?patient=ana', { answer: page }), told('next-page', 'page/2', lost)]],
  [
    'CORE-037',
    'warning',
    [
      told('search', 'Condition?patient=ana', { answer: searchset([one], { next: 'https://gone.example/2' }) }),
      told('next-page', 'https://gone.example/2', lost),
    ],
  ],
  [
    'CORE-044',
    'error',
    ['ana', 'Patient/ana', `${base}/Patient/ana`].map((value, i) =>
      search(`patient=${value}`, [one], { ...form(value), ...(i === 2 ? lost : {}) }),
    ),
  ],
  [
    'CORE-030',
    'error',
    [
      all,
      told('search', 'Condition/_search', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: 'Bearer t' },
        body: 'patient=ana',
        answer: page,
      }),
      told('next-page', 'page/2', lost),
    ],
  ],

  // What changed may bring what it points at, however old that is.
  [
    'BULK-031',
    'pass',
    [...exported('', [fresh, encounter, condition('o', old)]), ...exported(since, [fresh, encounter])],
  ],
  ['BULK-031', 'fail', [...exported('', [fresh, encounter]), ...exported(since, [one, encounter])]],
  [
    'BULK-031',
    'pass',
    [
      ...exported('', [fresh, encounter, condition('o', old), { ...one, resourceType: 'Practitioner' }]),
      ...exported(since, [fresh]),
    ],
  ],
  [
    'CORE-053/everything-with-since',
    'pass',
    [everything('', [fresh, encounter, condition('o', old)]), everything(since, [fresh, encounter])],
  ],
  ['CORE-053/everything-with-since', 'fail', [everything('', [fresh, encounter]), everything(since, [one, encounter])]],

  // A type that nobody knows may be one that nothing has.
  [
    'CORE-053/everything-refuses',
    'warning',
    [
      everything('', [one]),
      told('everything', 'Patient/ana/$everything?_type=X', mistake('unknown-type', { answer: searchset([]) })),
    ],
  ],
  [
    'CORE-053/everything-refuses',
    'fail',
    [everything('', [one]), everything('?_type=X', [one], mistake('unknown-type'))],
  ],

  // Reads.
  [
    'CORE-002',
    'fail',
    [told('read', 'Patient/ana', { answer: patient, answered: { 'content-type': 'application/fhir+xml' } })],
  ],
  [
    'CORE-010/a-read-of-a-deleted',
    'skip',
    [told('read', 'Condition/1', { intent: { state: 'deleted' }, ...refused(403) })],
  ],
  [
    'CORE-010/a-read-of-a-deleted',
    'fail',
    [told('read', 'Condition/1', { intent: { state: 'deleted' }, ...refused(400) })],
  ],
  ['PDEX-336', 'skip', [told('read', 'Condition/1', { intent: { state: 'deleted' }, ...refused(403) })]],
  ['PDEX-335', 'warning', [told('search', 'NoSuchType', mistake('unknown-type', refused(403)))]],

  // What a payer does not hold cannot come: that is a question to the payer.
  ['PDEX-363', 'skip', [search('', [{ ...team, participant: [] }])]],
  ['PDEX-363', 'fail', [search('', [{ ...team, participant: [] }])], holding(team)],
  ['PDEX-368', 'skip', [search('', [{ ...encounter, serviceProvider: {} }])]],
  [
    'PDEX-368',
    'fail',
    [search('', [{ ...encounter, serviceProvider: {} }])],
    holding({ ...encounter, reasonCode: [{ text: 'cough' }] }),
  ],
  ['PDEX-375', 'skip', [search('', [{ resourceType: 'Organization', id: 'o' }])]],

  // Money is money wherever it stands, and visits are none.
  [
    'PDEX-022/claims-between',
    'pass',
    [search('', [claimWith({ benefitBalance: [{ financial: [{ usedUnsignedInt: 3 }] }] })])],
  ],
  [
    'PDEX-022/claims-between',
    'fail',
    [search('', [claimWith({ item: [{ detail: [{ subDetail: [{ net: { value: 9, currency: 'USD' } }] }] }] })])],
  ],

  // A page may end before what comes along; who is put off is not refused.
  [
    'PDEX-358',
    'pass',
    [
      told('search', 'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*', {
        answer: searchset([claimWith({ insurer: { reference: 'Organization/o' } })], { next: `${base}/page/2` }),
      }),
      told('next-page', 'page/2', { answer: searchset([{ resourceType: 'Organization', id: 'o', mode: 'include' }]) }),
    ],
  ],
  ['PDEX-134', 'pass', [kickOff('', { status: 429, answer: outcome('throttled') }), kickOff('')]],
  ['PDEX-134', 'skip', [kickOff('', { status: 503, answer: outcome('transient') })]],
]

describe('what the guides leave open', () => {
  it.each(titled(questions))('$title', ({ start, code, steps, scene }) => {
    const { codes, words } = heardOf(start, steps, sceneOf(scene))
    expect(codes, words).toContain(code)
  })
})
