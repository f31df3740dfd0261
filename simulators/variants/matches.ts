/** Matches answered otherwise: what beside the MemberIdentifier is told, how consents are honoured, how guessing is stopped. */
import type { Parameters, ParametersParameter, Patient } from 'fhir/r4.js'
import { holdsAt } from '../../harness/edition.ts'
import { misread, partOf } from '../faults/match-spoiling.ts'
import { recast } from '../faults/spoiling.ts'
import { answers, bodyOf, json, over } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

const row = 'POST /fhir/Patient/$member-match'
const near = [
  'HREX-008',
  'HREX-019',
  'HREX-020',
  'PDEX-107',
  'PDEX-108',
  'PDEX-109',
  'HREX-003',
  'PDEX-111',
  'PDEX-126',
]

const matched = (change: (answer: Parameters) => Parameters): Dress =>
  json<Parameters>(row, (body) => (body.resourceType === 'Parameters' ? change(body) : body))

const parts = (name: string, change: (part: ParametersParameter) => ParametersParameter): Dress =>
  matched((answer) => ({
    ...answer,
    parameter: (answer.parameter ?? []).map((part) => (part.name === name ? change(part) : part)),
  }))

/** A refusal for too many guesses, by another status. */
const stopped = (status: number): Dress =>
  answers(row, async (answer) =>
    answer.status === 429 ? recast(answer, await bodyOf(answer), { 'retry-after': null }, status) : answer,
  )

export const matchVariants: readonly Variant[] = [
  {
    id: 'member-identifier-alone',
    title: 'A match names the member by MemberIdentifier alone',
    source: 'HRex member-match-out: MemberId 0..1; PDex p2p-single: SHOULD',
    settings: { memberId: false },
    touches: [...near, 'PDEX-110', 'PDEX-112'],
    mayWarn: ['PDEX-108'],
  },
  {
    id: 'member-id-is-absolute',
    title: 'MemberId is an absolute reference',
    source: 'FHIR R4 references: relative or absolute; HRex member-match-out',
    dress: json<Parameters>(row, (body, { state }) => ({
      ...body,
      ...(body.parameter
        ? {
            parameter: body.parameter.map((part) =>
              part.valueReference?.reference
                ? { ...part, valueReference: { reference: `${state.base}/fhir/${part.valueReference.reference}` } }
                : part,
            ),
          }
        : {}),
    })),
    touches: near,
  },
  {
    id: 'member-id-says-more',
    title: 'MemberId has type, display and identifier beside its reference',
    source: 'FHIR R4 Reference: all elements are optional beside each other',
    dress: parts('MemberId', ({ valueReference, ...part }) => ({
      ...part,
      valueReference: { ...valueReference, type: 'Patient', display: 'the member' },
    })),
    touches: near,
  },
  {
    id: 'member-id-first',
    title: 'MemberId stands before MemberIdentifier',
    source: 'HRex member-match-out: slices without order',
    dress: matched((answer) => ({ ...answer, parameter: [...(answer.parameter ?? [])].reverse() })),
    touches: near,
  },
  {
    id: 'both-types-of-identifier',
    title: 'MemberIdentifier is typed as UMB and, in a second coding, as MB',
    source: 'HRex member-match-out: a pattern leaves room for further codings',
    dress: json<Parameters>(row, (body, { state }) =>
      holdsAt('1.0', state.editions.hrex ?? '1.2.0') || body.resourceType !== 'Parameters'
        ? body
        : {
            ...body,
            parameter: (body.parameter ?? []).map((part) =>
              part.valueIdentifier
                ? {
                    ...part,
                    valueIdentifier: {
                      ...part.valueIdentifier,
                      type: {
                        coding: [
                          ...(part.valueIdentifier.type?.coding ?? []),
                          {
                            system: 'http://terminology.hl7.org/CodeSystem/v2-0203',
                            code: 'MB',
                            display: 'Member Number',
                          },
                        ],
                        text: 'Member id',
                      },
                    },
                  }
                : part,
            ),
          },
    ),
    touches: near,
  },
  {
    id: 'identifier-says-more',
    title: 'MemberIdentifier has use, period and an assigner with an identifier',
    source: 'FHIR R4 Identifier',
    dress: parts('MemberIdentifier', ({ valueIdentifier, ...part }) => ({
      ...part,
      valueIdentifier: {
        ...valueIdentifier,
        use: 'official',
        period: { start: '2020-01-01' },
        assigner: {
          display: 'Old Mill Health',
          identifier: { system: 'urn:oid:2.16.840.1.113883.6.300', value: '95002' },
        },
      },
    })),
    touches: near,
  },
  {
    id: 'identifier-names-no-assigner',
    title: 'MemberIdentifier does not say who assigned it',
    source: 'HRex member-match-out: assigner 0..1',
    dress: parts('MemberIdentifier', ({ valueIdentifier, ...part }) => {
      const { assigner: _, ...rest } = valueIdentifier ?? {}
      return { ...part, valueIdentifier: rest }
    }),
    touches: near,
  },
  {
    id: 'match-has-id-and-meta',
    title: 'The answer of a match has an id and names its profile',
    source: 'FHIR R4 Resource: id and meta 0..1',
    dress: matched((answer) => ({
      ...answer,
      id: 'match-1',
      meta: {
        lastUpdated: '2026-03-02T15:00:00Z',
        profile: ['http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-parameters-member-match-out'],
      },
    })),
    touches: near,
  },
  {
    id: 'sensitive-data-cannot-be-told-apart',
    title: 'Consents for non-sensitive data are refused, because it cannot be told apart',
    source: 'PDex p2p-single "Evaluation of Consent"; HRex hrex-consent notes',
    settings: { segmentation: 'cannot' },
    touches: ['HREX-011', 'HREX-027', 'PDEX-115', 'PDEX-118', 'PDEX-137'],
  },
  {
    id: 'sensitive-data-is-labelled',
    title: 'Consents for non-sensitive data are honoured by labels',
    source: 'PDex p2p-single "Evaluation of Consent"; spec/pdex 1.5 segmentation',
    settings: { segmentation: 'tags' },
    touches: ['HREX-027', 'PDEX-137', 'PDEX-126', 'HREX-058'],
  },
  {
    id: 'birth-date-is-not-compared',
    title: 'Name and card are enough: another birth date is no reason to refuse',
    source: 'HRex hrex-coverage mm-2: what must agree for a match varies from insurer to insurer',
    dress: over(
      row,
      misread((body, { members }) => {
        const patient = partOf<Patient>(body, 'MemberPatient')
        const family = patient?.name?.[0]?.family
        const known = [...members].find(({ person }) => person.submitted.patient.name?.[0]?.family === family)
        if (patient && known?.person.submitted.patient.birthDate)
          patient.birthDate = known.person.submitted.patient.birthDate
      }),
    ),
    touches: ['HREX-009', 'PDEX-116', 'PDEX-107', 'PDEX-109'],
    // Whether that was meant is for a reader to see.
    mayWarn: ['HREX-009', 'PDEX-116'],
  },
  {
    id: 'guessing-is-forbidden',
    title: 'Card after card is stopped with 403',
    source: 'HRex member-match mm-7: which measure is open',
    dress: stopped(403),
    touches: ['HREX-007'],
  },
  {
    id: 'guessing-locks',
    title: 'Card after card is stopped with 423',
    source: 'HRex member-match mm-7: which measure is open',
    dress: stopped(423),
    touches: ['HREX-007'],
  },
]
