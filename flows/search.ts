/** Searches of a member's data by type, with what says where it is from (PDex "Individual search", US Core searches). */
import type { Actor, Flow } from '../harness/actor.ts'
import { type Editions, holdsAt } from '../harness/edition.ts'
import type { Exchange } from '../harness/transcript.ts'
import { pagesAfter } from './follow-pages.ts'
import { ask, type Manner, memberIdentifierOf, type Pairs, patientIdOf, withQuery } from './member-requests.ts'
import { fhirBase } from './tokens.ts'

/** Types that a search does not find by patient: R4 defines no such parameter for them, and a server may refuse one (400). */
export const withoutPatient: ReadonlySet<string> = new Set([
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'Medication',
  'Endpoint',
  'Questionnaire',
  'Group',
])
/** Types without _revinclude=Provenance:target in the CapabilityStatements. */
const withoutProvenance = new Set([...withoutPatient, 'ExplanationOfBenefit', 'Provenance', 'Specimen'])

export interface SearchManner extends Manner {
  /** In addition to the member, who is named unless `params` names them, or `unrestricted`. */
  readonly params?: Pairs | Readonly<Record<string, string>>
  /** Names no member. */
  readonly unrestricted?: boolean
  /** By POST to `_search`. */
  readonly post?: boolean
  /** Only the first page. */
  readonly firstPage?: boolean
  /** Asks for the Provenance of what is found. */
  readonly provenance?: boolean
}

/** Searches one type, page by page. Returns the pages, the first of them always. */
export const searchType = (payer: Actor, type: string, manner: SearchManner = {}): Flow<Exchange[]> => ({
  title: `search ${type} at the ${payer.name}`,
  moves: ['search', 'next-page'],
  perform: async (client) => {
    const { params = [], unrestricted, post, firstPage, provenance, ...rest } = manner
    const told = 'length' in params ? (params as Pairs) : Object.entries(params)
    const named =
      told.some(([name]) => /^(patient|subject|_id|identifier)(:|\.|$)/.test(name)) ||
      unrestricted ||
      withoutPatient.has(type)
    const pairs: Pairs = [
      ...(named ? [] : [[type === 'Patient' ? '_id' : 'patient', patientIdOf(client, payer, manner.person)] as const]),
      ...told,
      ...(provenance && !withoutProvenance.has(type) ? [['_revinclude', 'Provenance:target'] as const] : []),
    ]
    const url = `${fhirBase(payer)}/${type}`
    const said = { ...rest, intent: { type, ...rest.intent } }
    const first = post
      ? await ask(
          client,
          payer,
          'search',
          {
            method: 'POST',
            url: `${url}/_search`,
            body: withQuery('', pairs).slice(1),
            type: 'application/x-www-form-urlencoded',
          },
          said,
        )
      : await ask(client, payer, 'search', { method: 'GET', url: withQuery(url, pairs) }, said)
    return firstPage ? [first] : [first, ...(await pagesAfter(client, payer, first, 'next-page', said))]
  },
})

/** Turns the identifier that the match gave into a Patient: needed where the match gave no MemberId. */
export const searchByMemberIdentifier = (payer: Actor, manner: Manner = {}): Flow<Exchange[]> => ({
  title: `find the Patient of the member by identifier at the ${payer.name}`,
  moves: ['search', 'next-page'],
  perform: (client) => {
    const { system, value } = memberIdentifierOf(client, payer, manner.person)
    const identifier = system === undefined ? value : `${system}|${value}`
    return searchType(payer, 'Patient', { ...manner, params: { identifier } }).perform(client)
  },
})

/** The member's types in PDex's table of what is retrieved, as US Core 3.1.1 knows it, and what later editions add. */
const table = [
  'Patient',
  'AllergyIntolerance',
  'CarePlan',
  'CareTeam',
  'Condition',
  'Coverage',
  'Device',
  'DiagnosticReport',
  'DocumentReference',
  'Encounter',
  'ExplanationOfBenefit',
  'Goal',
  'Immunization',
  'MedicationDispense',
  'MedicationRequest',
  'Observation',
  'Procedure',
] as const
const since6 = ['QuestionnaireResponse', 'RelatedPerson', 'ServiceRequest', 'Specimen'] as const

/** The member's types of the table at these editions. */
export const typesOfTheTable = (editions: Editions): readonly string[] =>
  holdsAt('6.0+', editions['us-core'] ?? '6.1') ? [...table, ...since6] : table

/** Combinations that US Core servers SHALL offer for types that some of them do not search by patient alone. */
const combinations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CarePlan: { category: 'assess-plan' },
  CareTeam: { status: 'active' },
  MedicationRequest: { intent: 'proposal,plan,order,original-order,reflex-order,filler-order,instance-order,option' },
  Observation: {
    category: 'laboratory,vital-signs,social-history,survey,exam,imaging,procedure,therapy,activity,sdoh',
  },
}

/** What claims and prescriptions point at, asked for along with them; of a coverage also who pays. */
const includes: Readonly<Record<string, Pairs>> = {
  ExplanationOfBenefit: [
    ['_include', 'ExplanationOfBenefit:*'],
    ['_include:iterate', 'Coverage:payor'],
  ],
  MedicationRequest: [['_include', 'MedicationRequest:medication']],
  MedicationDispense: [['_include', 'MedicationDispense:medication']],
}

/** The pages of a search, and what had to be asked for besides the patient. */
export interface Whole {
  readonly pages: readonly Exchange[]
  readonly besides: Pairs
}

/** Everything of a type: by patient alone, and where that is refused by the combination that every server offers. */
export const searchWhole = (payer: Actor, type: string, manner: SearchManner = {}): Flow<Whole> => ({
  title: `search every ${type} at the ${payer.name}`,
  moves: ['search', 'next-page'],
  perform: async (client) => {
    const pages = await searchType(payer, type, manner).perform(client)
    const besides = Object.entries(combinations[type] ?? {})
    if (besides.length === 0 || (pages[0]?.response?.status ?? 0) < 400) return { pages, besides: [] }
    const { params = [] } = manner
    const told = 'length' in params ? (params as Pairs) : Object.entries(params)
    const more = await searchType(payer, type, { ...manner, params: [...besides, ...told] }).perform(client)
    return { pages: [...pages, ...more], besides }
  },
})

/** The same searches by GET and by POST: of everything, and with a parameter more, which a form must not lose. */
export const searchBothWays = (payer: Actor, type: string, more: Pairs): Flow<void> => ({
  title: `search ${type} at the ${payer.name} by GET and by POST`,
  moves: ['search', 'next-page'],
  perform: async (client) => {
    const { besides } = await searchWhole(payer, type).perform(client)
    await searchType(payer, type, { post: true, params: besides }).perform(client)
    await searchType(payer, type, { params: more }).perform(client)
    await searchType(payer, type, { post: true, params: more }).perform(client)
  },
})

/** Searches every type of the table for the member, with Provenance, page by page. */
export const searchEverythingOfTheTable = (
  payer: Actor,
  editions: Editions,
  manner: Manner = {},
): Flow<Exchange[]> => ({
  title: `search every type of the table at the ${payer.name}`,
  moves: ['search', 'next-page'],
  perform: async (client) => {
    const all: Exchange[] = []
    for (const type of typesOfTheTable(editions)) {
      const params = includes[type] ?? []
      const { pages } = await searchWhole(payer, type, { ...manner, provenance: true, params }).perform(client)
      all.push(...pages)
    }
    return all
  },
})
