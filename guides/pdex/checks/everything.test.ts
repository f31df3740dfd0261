/** $everything, told small: the Patient, both kinds of claims, the types that were asked for, and nothing that is kept back. */
import { expect, it } from 'vitest'
import type { FhirResource } from '../../../harness/person.ts'
import type { Scene } from '../../../harness/scene.ts'
import { mistake, refused } from '../../told/questions.ts'
import { searched as search } from '../../told/searches.ts'
import { authorization, c1, c2, claim, person } from '../../told/small-record.ts'
import { anaScene } from '../../told/story.ts'
import { base, type Step, searchset, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const everything = (found: readonly object[], query = '', more: Told = {}): Step =>
  told('everything', `Patient/ana/$everything${query}`, { answer: searchset([person, ...found]), ...more })
const claims = (...found: readonly object[]): Step => search('ExplanationOfBenefit?patient=Patient/ana', found)

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
const noAuthorizations = { permissions: { claims: true, priorAuthorizations: false } }
const unknown = (more: Partial<Scene> = {}): Partial<Scene> => {
  const { record: _, ...known } = anaScene().person as NonNullable<Scene['person']>
  return { person: known, ...more }
}

const rows: readonly Row[] = [
  ['a searchset with the Patient', 'PDEX-128', 'pass', [everything([])]],
  ['no Patient', 'PDEX-128', 'fail missing-resource', [everything([], '', { answer: searchset([c1]) })]],
  [
    'another Patient',
    'PDEX-128',
    'fail missing-resource',
    [everything([], '', { answer: searchset([{ ...person, id: 'x' }]) })],
  ],
  [
    'no Patient on this page',
    'PDEX-128',
    'pass',
    [everything([], '', { answer: searchset([c1], { next: `${base}/page/2` }) })],
  ],
  ['no Patient of these types', 'PDEX-128', 'pass', [everything([], '?_type=Condition', { answer: searchset([c1]) })]],
  ['no searchset', 'PDEX-128', 'fail wrong-bundle', [everything([], '', { answer: person })]],
  ['refused', 'PDEX-128', 'fail wrong-status', [everything([], '', refused(403))]],
  [
    'of somebody else on purpose, or without a token',
    'PDEX-128',
    'skip not-decided',
    [everything([], '', { ...refused(), ...mistake('foreign') }), everything([], '', { ...refused(), headers: {} })],
  ],

  ['both kinds', 'PDEX-130', 'pass', [everything([claim, authorization])], holds([person, claim, authorization])],
  [
    'claims are left out',
    'PDEX-130',
    'fail missing-records',
    [everything([authorization])],
    holds([person, claim, authorization]),
  ],
  [
    'authorizations are left out',
    'PDEX-130',
    'fail missing-records',
    [everything([claim]), claims(claim, authorization)],
    unknown(),
  ],
  [
    'claims may not be seen',
    'PDEX-132',
    'skip not-decided: may not see any claim',
    [everything([authorization])],
    holds([person, claim, authorization], noClaims),
  ],
  [
    'authorizations may not be seen',
    'PDEX-130',
    'skip not-decided',
    [everything([claim])],
    holds([person, claim, authorization], noAuthorizations),
  ],
  [
    'nothing shows that there are claims',
    'PDEX-132',
    'skip not-decided: nothing shows',
    [everything([c1])],
    holds([person, c1]),
  ],
  ['no $everything', 'PDEX-132', 'skip not-decided: not retrieved', [claims(claim)], holds([person, claim])],
  [
    'until 2.1 there are no claims',
    'PDEX-133',
    'pass',
    [everything([authorization])],
    holds([person, claim, authorization], { editions: older }),
  ],
  [
    'and there are',
    'PDEX-133',
    'warning claim-in-everything',
    [everything([authorization, claim])],
    holds([person, claim, authorization], { editions: older }),
  ],
  [
    'as far as other methods know',
    'PDEX-133',
    'pass',
    [everything([authorization]), claims(claim)],
    unknown({ editions: older }),
  ],
  [
    'nothing shows that there are any',
    'PDEX-133',
    'skip not-decided: nothing shows',
    [everything([authorization])],
    holds([person, authorization], { editions: older }),
  ],

  ['of these types alone', 'PDEX-131', 'pass', [everything([], '?_type=Patient,Condition')]],
  ['of others, too', 'PDEX-131', 'skip ignored-parameter', [everything([c1], '?_type=Patient')]],
  ['others come along', 'PDEX-131', 'pass', [everything([{ ...c1, mode: 'include' }], '?_type=Patient')]],
  [
    'of nothing',
    'PDEX-131',
    'skip not-decided: holds nothing',
    [everything([], '?_type=Goal', { answer: searchset([]) })],
  ],

  ['keeps claims back', 'PDEX-129', 'pass', [everything([c1])], holds([person, c1, claim], noClaims)],
  ['shows a claim', 'PDEX-129', 'fail disclosed', [everything([c1, claim])], holds([person, c1, claim], noClaims)],
  [
    'shows an authorization',
    'PDEX-129',
    'fail disclosed',
    [everything([authorization])],
    holds([person, authorization], noAuthorizations),
  ],
  [
    'shows what is sensitive',
    'PDEX-129',
    'fail disclosed',
    [everything([c2])],
    holds([person, c2], { policy: 'regular' }),
  ],
  [
    'may show what is sensitive',
    'PDEX-129',
    'skip not-decided',
    [everything([c2])],
    holds([person, c2], { policy: 'sensitive' }),
  ],
  [
    'shows a claim of a record that is not known',
    'PDEX-129',
    'fail disclosed',
    [everything([claim])],
    unknown(noClaims),
  ],
  ['keeps back what is not known', 'PDEX-129', 'pass', [everything([c1])], unknown(noClaims)],
  [
    'holds nothing to keep back',
    'PDEX-129',
    'skip not-decided: the record holds nothing',
    [everything([c1])],
    holds([person, c1], noClaims),
  ],
]

it.each(rows)('%s: %s %s', (...row) => {
  expect(foundOf(row, anaScene(row[4]))).toBe(row[2])
})
