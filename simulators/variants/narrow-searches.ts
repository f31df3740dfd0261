/** Searches that a payer need not offer, refused or passed over: less than the guides leave open is not asked of anybody. */
import { type Asked, altered } from '../asked.ts'
import { outcome, type Visit } from '../simulator.ts'
import { both, json, over } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

/** What a search asks for, by GET or by form. */
const askedIn = async (request: Asked, { url }: Visit): Promise<URLSearchParams> =>
  new URLSearchParams([
    ...url.searchParams,
    ...(request.method === 'POST' ? new URLSearchParams(await request.clone().text()) : []),
  ])

/** Searches that are refused, by whichever method. */
const refusing = (why: (type: string, params: URLSearchParams) => string | undefined, status: 400 | 403 = 400): Dress =>
  both(
    ...(['search', 'post'] as const).map((row) =>
      over(row, (honest) => async (request, visit) => {
        const reason = why(visit.params.type ?? '', await askedIn(request, visit))
        const code = status === 403 ? 'forbidden' : 'not-supported'
        return reason === undefined ? honest(request, visit) : outcome(status, code, reason)
      }),
    ),
  )

/** Types of which the statements of PDex ask no search by patient alone, and what else they are searched by. */
const together: Readonly<Record<string, readonly string[]>> = {
  CarePlan: ['category'],
  CareTeam: ['status', 'role'],
  MedicationRequest: ['intent'],
  Observation: ['category', 'code'],
}

/** Parameters that the statements leave open. */
const open: Readonly<Record<string, readonly string[]>> = {
  Condition: ['code', '_lastUpdated'],
  Encounter: ['_lastUpdated'],
  ExplanationOfBenefit: ['use'],
  Patient: ['family', 'given'],
}

interface Statement {
  readonly rest?: readonly { readonly resource?: readonly { type: string; searchParam?: { name: string }[] }[] }[]
}

/** Not declared. */
const undeclared = (names: Readonly<Record<string, readonly string[]>>): Dress =>
  json<Statement>('metadata', ({ rest = [], ...statement }) => ({
    ...statement,
    rest: rest.map((part) => ({
      ...part,
      resource: (part.resource ?? []).map((type) => ({
        ...type,
        searchParam: type.searchParam?.filter(({ name }) => !names[type.type]?.includes(name)),
      })),
    })),
  }))

/** Passed over as if nobody knew them, and not declared. */
const withoutOpenOnes: Dress = both(
  undeclared(open),
  over('search', (honest) => (request, visit) => {
    const url = new URL(visit.url)
    for (const name of [...url.searchParams.keys()])
      if (open[visit.params.type ?? '']?.includes(name.split(':')[0] ?? '')) url.searchParams.delete(name)
    return url.search === visit.url.search
      ? honest(request, visit)
      : honest(altered(request, { url }), { ...visit, url })
  }),
)

const near = [
  'CORE-030',
  'CORE-031',
  'CORE-032',
  'CORE-037',
  'CORE-042',
  'CORE-043',
  'CORE-044',
  'CORE-045',
  'CORE-051',
  'PDEX-070',
  'PDEX-126',
  'PDEX-127',
  'PDEX-338',
  'PDEX-354',
  'PDEX-377',
  'PDEX-439',
]

export const narrowSearchVariants: readonly Variant[] = [
  {
    id: 'some-types-need-more-than-a-patient',
    title: 'Care plans, care teams, prescriptions and observations are not searched by patient alone',
    source: 'PDex CapabilityStatements: with a category, status, intent or code SHALL, by patient alone MAY',
    dress: refusing((type, params) =>
      together[type] && !['_id', ...together[type]].some((name) => params.has(name))
        ? `${type} is searched by patient and ${together[type]?.join(' or ')}`
        : undefined,
    ),
    touches: [...near, 'CORE-041', 'PDEX-332', 'PDEX-382', 'PDEX-384', 'PDEX-414', 'PDEX-416'],
  },
  {
    id: 'modifiers-are-refused',
    title: 'A search with a modifier is refused',
    source: 'FHIR R4 search#modifiers: a modifier that a server does not support SHALL be rejected',
    dress: refusing((_, params) =>
      [...params.keys()].some((name) => /:(exact|contains)$/.test(name)) ? 'no modifier is offered' : undefined,
    ),
    touches: ['CORE-045'],
  },
  {
    id: 'comparators-that-must-be',
    title: 'Dates are compared by gt, ge, lt, le and eq alone',
    source: 'US Core SearchParameters: gt, ge, lt and le SHALL, the others MAY',
    dress: refusing((_, params) =>
      [...params.values()].some((value) => /^(ne|sa|eb|ap)\d{4}/.test(value))
        ? 'this prefix is not offered'
        : undefined,
    ),
    touches: ['CORE-042', 'PDEX-354'],
  },
  {
    id: 'open-parameters-are-not-offered',
    title: 'Parameters that the statements leave open are neither declared nor used',
    source: 'PDex CapabilityStatements: MAY or SHOULD; FHIR R4 search#errors: what is unknown is ignored',
    dress: withoutOpenOnes,
    touches: [...near, 'CORE-041', 'PDEX-332', 'PDEX-352', 'PDEX-387', 'PDEX-421'],
  },
  {
    id: 'nobody-is-refused-like-somebody-else',
    title: 'A search for a Patient who is nobody is refused like one for another member',
    source:
      'PDex p2p-single (open between 403, 404 and nothing); FHIR R4 security: whether somebody is there need not be told',
    dress: refusing(
      (type, params) =>
        type === 'Patient' && /^no/.test(params.get('_id') ?? '') ? 'the token is for another Patient' : undefined,
      403,
    ),
    touches: ['CORE-041', 'PDEX-420', 'PDEX-421'],
  },
  {
    id: 'use-of-claims-is-not-offered',
    title: 'Claims are not searched by use: it is not declared, and refused',
    source: 'PDex CapabilityStatements: no server has to; FHIR R4 search#errors: ignored or refused',
    dress: both(
      undeclared({ ExplanationOfBenefit: ['use'] }),
      refusing((type, params) =>
        type === 'ExplanationOfBenefit' && params.has('use') ? 'claims are not searched by use' : undefined,
      ),
    ),
    touches: ['PDEX-340', 'PDEX-352', 'PDEX-355'],
  },
]
