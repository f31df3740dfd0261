/** The phrases of retrieval: ways to get a record, manners of $everything, permissions, groups of types. */
import { type EverythingManner, fetchEverything } from '../flows/everything.ts'
import { inTurn } from '../flows/in-turn.ts'
import { retrievalMethods, retrieve } from '../flows/retrieve.ts'
import { sinceTelling } from '../flows/since.ts'
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Scene } from '../harness/scene.ts'

/** What is done with a payer in this scenario. */
export type Act = (payer: Actor, scene: Scene, requester: Actor) => Flow<unknown>
export type Acts = Readonly<Record<string, Act>>

/** Somebody else whom the payer insures. */
export const otherId = ({ bystander }: Scene): string => {
  if (!bystander?.patientId) throw new HarnessError('cannot-set-up', 'nobody knows the id of another member')
  return bystander.patientId
}

export const mistake = (name: string): { readonly intent: { readonly mistake: string } } => ({
  intent: { mistake: name },
})

/** Each of the three ways, or all of them. */
export const ways: Acts = {
  search: (payer, { editions }) => retrieve(payer, 'search', editions),
  $everything: (payer, { editions }) => retrieve(payer, '$everything', editions),
  export: (payer, { editions }) => retrieve(payer, 'export', editions),
  'every method': (payer, { editions }) =>
    inTurn('retrieve by every method', ...retrievalMethods.map((method) => retrieve(payer, method, editions))),
}
/** The same for each of several types. */
export const each = (types: readonly string[], flow: (type: string) => Flow<unknown>): Flow<void> =>
  inTurn('each type', ...types.map(flow))

const everything =
  (manner: EverythingManner) =>
  (payer: Actor): Flow<unknown> =>
    inTurn('everything', fetchEverything(payer), fetchEverything(payer, manner))

const some = { _type: 'Patient,Condition,Observation', _count: '20' }

/** One that is to be refused, after a page of a plain one: it is not refused because nothing is given to anybody. */
const refusable =
  (manner: EverythingManner) =>
  (payer: Actor): Flow<unknown> =>
    inTurn('everything', fetchEverything(payer, { firstPage: true }), fetchEverything(payer, manner))

/** Each after a plain one, to compare with. */
export const everythingManners: Acts = {
  'of some types': everything({ params: { _type: 'Patient,Condition,Observation' } }),
  'that changed lately': (payer, { now }) =>
    inTurn(
      'everything',
      fetchEverything(payer),
      sinceTelling(payer, yearsBefore(now, 2), (_since) => fetchEverything(payer, { params: { _since } })),
    ),
  'of care in some years': (payer, { now }) =>
    everything({ params: { start: dayBefore(now, 4), end: dayBefore(now, 1) } })(payer),
  'in pages of ten': everything({ params: { _count: '10' } }),
  // With parameters, so that whoever does not read a posted body is found out; in pages, so that they must be followed.
  'by POST': (payer) =>
    inTurn(
      'everything',
      fetchEverything(payer, { params: some }),
      fetchEverything(payer, { params: some, post: true }),
    ),
  'of a type that nobody knows': refusable({ params: { _type: 'NoSuchType' }, ...mistake('unknown-type') }),
  'since a time that is none': refusable({ params: { _since: 'yesterday' }, ...mistake('bad-value') }),
  'from a day that is none': refusable({ params: { start: '2024-13-77' }, ...mistake('bad-value') }),
  'of nobody': refusable({ patientId: 'nobody-has-this', ...mistake('unknown-id') }),
  'without a token': refusable({ token: null, ...mistake('no-token') }),
  'of another member': (payer, scene) => {
    const foreign = { patientId: otherId(scene), ...mistake('foreign') }
    return inTurn('everything', refusable(foreign)(payer), fetchEverything(payer, { ...foreign, post: true }))
  },
}

export const yearsBefore = (now: string, years: number): string => {
  const date = new Date(now)
  date.setUTCFullYear(date.getUTCFullYear() - years)
  return date.toISOString()
}

const dayBefore = (now: string, years: number): string => yearsBefore(now, years).slice(0, 10)

export const permissions: Readonly<
  Record<string, { readonly claims: boolean; readonly priorAuthorizations: boolean }>
> = {
  'prior authorizations and no claims': { claims: false, priorAuthorizations: true },
  'claims and no prior authorizations': { claims: true, priorAuthorizations: false },
  'neither claims nor prior authorizations': { claims: false, priorAuthorizations: false },
  'claims and prior authorizations': { claims: true, priorAuthorizations: true },
}

/** Types that are tried together. */
export const typeGroups: Readonly<Record<string, readonly string[]>> = {
  'conditions and findings': ['AllergyIntolerance', 'Condition', 'DiagnosticReport', 'Observation', 'Specimen'],
  'care and plans': [
    'CarePlan',
    'CareTeam',
    'Encounter',
    'Goal',
    'Procedure',
    'Questionnaire',
    'QuestionnaireResponse',
    'ServiceRequest',
  ],
  'medicines and devices': ['Device', 'Immunization', 'Medication', 'MedicationDispense', 'MedicationRequest'],
  'coverage, claims and documents': [
    'Consent',
    'Coverage',
    'DocumentReference',
    'ExplanationOfBenefit',
    'Group',
    'Provenance',
  ],
  'people and places': ['Endpoint', 'Location', 'Organization', 'Patient', 'Practitioner', 'PractitionerRole'],
  'related persons': ['RelatedPerson'],
}
