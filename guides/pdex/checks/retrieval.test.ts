/** A member's data by three methods, told small: what each gives, leaves out, and may leave out. */
import { expect, it } from 'vitest'
import type { FhirResource } from '../../../harness/person.ts'
import type { Scene } from '../../../harness/scene.ts'
import { exported, mistake, refused, token } from '../../told/questions.ts'
import { searched as search, slow } from '../../told/searches.ts'
import { authorization, c1, c2, claim, of, person } from '../../told/small-record.ts'
import { anaScene } from '../../told/story.ts'
import { base, outcome, type Step, searchset, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const everything = (found: readonly object[], query = '', more: Told = {}): Step =>
  told('everything', `Patient/ana/$everything${query}`, { answer: searchset([person, ...found]), ...more })
const conditions = (...found: readonly object[]): Step => search('Condition?patient=ana', found)
const claims = (...found: readonly object[]): Step => search('ExplanationOfBenefit?patient=Patient/ana', found)
const next = { answer: searchset([person], { next: `${base}/page/2` }) }
const metadata = told('metadata', 'metadata', { answer: {} })

/** A payer that holds exactly that of Ana, and what else is known. */
const holds = (record: readonly object[], more: Partial<Scene> = {}): Partial<Scene> => {
  const scene = anaScene(more)
  return {
    ...scene,
    person: { ...(scene.person as NonNullable<Scene['person']>), record: record as unknown as FhirResource[] },
  }
}
const older = { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '3.1.1' }
const noClaims = { permissions: { claims: false, priorAuthorizations: true } }
const unknown = (more: Partial<Scene> = {}): Partial<Scene> => {
  const { record: _, ...known } = anaScene().person as NonNullable<Scene['person']>
  return { person: known, ...more }
}

const rows: readonly Row[] = [
  ['metadata first', 'PDEX-105', 'pass', [metadata, conditions()]],
  ['metadata later', 'PDEX-105', 'warning missing-request', [conditions(), metadata]],
  [
    'metadata by somebody else, or of another',
    'PDEX-105',
    'warning missing-request',
    [{ ...metadata, from: 'another payer' }, { ...metadata, to: 'another payer' }, conditions()],
  ],

  ['the token of the member', 'PDEX-125', 'pass', [token, conditions()]],
  [
    'another token',
    'PDEX-125',
    'fail wrong-token',
    [token, search('Condition?patient=ana', [], { headers: { Authorization: 'Bearer x' } })],
  ],
  ['no token', 'PDEX-125', 'fail wrong-token', [token, search('Condition?patient=ana', [], { headers: {} })]],
  ['a token that came later', 'PDEX-125', 'fail wrong-token', [conditions(), token]],
  [
    'a token that was refused, for the match, of another server or for another client',
    'PDEX-125',
    'fail wrong-token',
    [
      { ...token, move: 'match-token' },
      { ...token, from: 'another payer' },
      { ...token, to: 'another payer' },
      told('member-token', 'https://old.example/t', { status: 400, answer: { access_token: 't' } }),
      conditions(),
    ],
  ],
  [
    'a file that needs none',
    'PDEX-125',
    'pass',
    [
      token,
      ...exported('', [c1], {}, { requiresAccessToken: false }).map((step) =>
        step.move === 'export-file' ? { ...step, request: { ...step.request, headers: [] } } : step,
      ),
    ],
  ],
  [
    'a file that needs one',
    'PDEX-125',
    'fail wrong-token',
    [
      token,
      ...exported('', [c1]).map((step) =>
        step.move === 'export-file' ? { ...step, request: { ...step.request, headers: [] } } : step,
      ),
    ],
  ],
  ['wrong on purpose', 'PDEX-125', 'skip not-decided', [search('Condition?patient=ana', [], mistake('no-token'))]],

  ['two agree', 'PDEX-126/search', 'pass', [conditions(c1), everything([c1])]],
  ['three agree', 'PDEX-126/search', 'pass', [conditions(c1), everything([c1]), ...exported('', [person, c1])]],
  ['one leaves out', 'PDEX-126/search', 'fail missing-records', [conditions(c1, c2), everything([c1])]],
  ['a type that was not searched', 'PDEX-126/search', 'pass', [conditions(c1), everything([c1, claim])]],
  [
    'a search by more than the patient',
    'PDEX-126/search',
    'skip not-decided',
    [search('Condition?patient=ana&code=1', []), everything([c1])],
  ],
  [
    'a search for somebody else, or by mistake',
    'PDEX-126/search',
    'skip not-decided',
    [search('Condition?patient=iris', []), search('Condition?patient=ana', [], mistake('x')), everything([c1])],
  ],
  ['the latest search counts', 'PDEX-126/search', 'pass', [conditions(), conditions(c1), everything([c1])]],
  [
    'a search without its last page',
    'PDEX-126/search',
    'skip not-decided',
    [search('Condition?patient=ana', [], next), everything([c1])],
  ],
  [
    'a search by subject',
    'PDEX-126/search',
    'fail missing-records',
    [search('Condition?subject=ana', []), everything([c1])],
  ],
  ['the Patient by identifier', 'PDEX-126/search', 'pass', [search('Patient?identifier=x', [person]), everything([])]],
  [
    'what belongs to nobody may be missing',
    'PDEX-126/search',
    'pass',
    [search('Practitioner?patient=ana', []), everything([{ resourceType: 'Practitioner', id: 'p' }])],
  ],
  [
    '$everything of some types',
    'PDEX-126/search',
    'skip not-decided',
    [
      conditions(c1),
      everything([], '?_type=Patient'),
      everything([], '?_since=2020'),
      everything([], '', mistake('x')),
    ],
  ],
  [
    '$everything of somebody else',
    'PDEX-126/search',
    'skip not-decided',
    [conditions(c1), told('everything', 'Patient/iris/$everything', { answer: searchset([]) })],
  ],
  [
    'an export of some types',
    'PDEX-126/search',
    'skip not-decided',
    [conditions(c1), ...exported('?_type=Patient', [person])],
  ],
  [
    'until 2.1 $everything leaves claims out',
    'PDEX-126/search',
    'pass',
    [claims(claim), everything([])],
    { editions: older },
  ],
  [
    'and no authorizations',
    'PDEX-126/search',
    'fail missing-records',
    [claims(authorization), everything([])],
    { editions: older },
  ],
  [
    'nor claims from search',
    'PDEX-126/search',
    'fail missing-records',
    [claims(), ...exported('', [claim])],
    { editions: older },
  ],

  ['the whole record', 'PDEX-126/each', 'pass', [everything([c1])], holds([person, c1])],
  ['half of it', 'PDEX-126/each', 'fail missing-records', [everything([c1])], holds([person, c1, c2])],
  [
    'half of it, of a type that was not searched',
    'PDEX-126/each',
    'pass',
    [conditions(c1)],
    holds([person, c1, claim]),
  ],
  ['the record is not known', 'PDEX-126/each', 'skip not-decided: what the payer holds', [everything([c1])], unknown()],
  ['no method', 'PDEX-126/each', 'skip not-decided: not retrieved', [search('Condition?patient=ana&code=1')]],
  ['without what it may not see', 'PDEX-126/each', 'pass', [everything([c1])], holds([person, c1, claim], noClaims)],
  [
    'without what supports that alone',
    'PDEX-126/each',
    'pass',
    [everything([c1])],
    holds(
      [
        person,
        c1,
        of('DocumentReference', 'd'),
        { ...claim, supportingInfo: [{ valueReference: { reference: 'DocumentReference/d' } }] },
      ],
      noClaims,
    ),
  ],
  [
    'without what is older than five years',
    'PDEX-126/each',
    'pass',
    [everything([c1])],
    holds([person, c1, of('Procedure', 'r', { performedDateTime: '2015-01-01' })]),
  ],
  [
    'without claims until 2.1',
    'PDEX-126/each',
    'pass',
    [everything([c1])],
    holds([person, c1, claim], { editions: older }),
  ],
  [
    'without what is nobody’s',
    'PDEX-126/each',
    'pass',
    [everything([c1])],
    holds([person, c1, { resourceType: 'Location', id: 'l' }]),
  ],

  ['found without a patient: nobody else', 'PDEX-127/a-search', 'pass', [search('Condition?code=1', [c1])]],
  [
    'somebody else',
    'PDEX-127/a-search',
    'fail other-member',
    [search('Condition?code=1', [{ ...c1, subject: { reference: 'Patient/iris' }, patient: undefined }])],
  ],
  ['refused', 'PDEX-127/a-search', 'pass', [search('Condition?code=1', [], refused())]],
  [
    'broken',
    'PDEX-127/a-search',
    'skip not-decided',
    [search('Condition?code=1', [], { status: 500, answer: outcome() })],
  ],
  [
    'a search with a patient, or of Patient',
    'PDEX-127/a-search',
    'skip not-decided: there was',
    [conditions(), search('Patient?name=x'), search('Condition?code=1', [], { headers: {} })],
  ],
  [
    'a search that is refused',
    'PDEX-127/each',
    'fail wrong-status not-decided',
    [search('Condition?patient=ana', [], refused())],
  ],
  ['put off', 'PDEX-127/each', 'skip not-decided not-decided', [search('Condition?patient=ana', [], slow)]],
  [
    'no searchset',
    'PDEX-127/each',
    'fail wrong-bundle not-decided',
    [search('Condition?patient=ana', [], { answer: { resourceType: 'Bundle', type: 'collection' } })],
  ],
  [
    'refused, and found with one parameter more',
    'PDEX-127/each',
    'skip not-decided',
    [search('Condition?patient=ana', [], refused()), search('Condition?patient=ana&code=1')],
  ],
]

it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, anaScene(row[4]))).toBe(row[2])
})
