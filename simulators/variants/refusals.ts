/** Refusals said otherwise: what an OperationOutcome looks like, which status is chosen where several are legal, how 401 challenges. */
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js'
import { recast } from '../faults/spoiling.ts'
import { answers, bodyOf, both, headers, outcomes } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

const near = [
  'CORE-020',
  'CORE-021',
  'BULK-017',
  'BULK-055',
  'HREX-009',
  'HREX-011',
  'HREX-012',
  'PDEX-114',
  'PDEX-115',
  'PDEX-117',
]

const issues = (change: (issue: OperationOutcomeIssue) => OperationOutcomeIssue): Dress =>
  outcomes((outcome) => ({ ...outcome, issue: outcome.issue.map(change) }))

/** Another status, the body as it is. */
const restated = (from: number, to: number, path: RegExp): Dress =>
  answers('all', async (answer, { visit }) =>
    answer.status === from && path.test(visit.url.pathname) ? recast(answer, await bodyOf(answer), {}, to) : answer,
  )

const isData = /\/fhir\/(?!metadata|\.well-known)/
const challenged = (challenge: (old: string) => string | null): Dress =>
  headers('all', (answer) => {
    const old = answer.headers.get('www-authenticate')
    return old === null ? {} : { 'www-authenticate': challenge(old) }
  })

/** Types of which the statements of PDex ask a search by `_id` alone. */
const byIdAlone: readonly string[] = ['DocumentReference', 'Encounter', 'ExplanationOfBenefit']

export const refusalVariants: readonly Variant[] = [
  {
    id: 'outcome-with-several-issues',
    title: 'An OperationOutcome has several issues, the first of them information',
    source: 'FHIR R4 operationoutcome: issue 1..*, in no order',
    dress: outcomes((outcome) => ({
      ...outcome,
      issue: [
        { severity: 'information', code: 'informational', diagnostics: 'the request was received' },
        ...outcome.issue,
        { severity: 'warning', code: 'informational', diagnostics: 'the support desk can be asked' },
      ],
    })),
    touches: near,
  },
  {
    id: 'outcome-with-diagnostics-alone',
    title: 'An issue says why in diagnostics alone',
    source: 'FHIR R4 operationoutcome: details 0..1, diagnostics 0..1',
    dress: issues(({ details: _, ...issue }) => issue),
    touches: near,
  },
  {
    id: 'outcome-with-text-alone',
    title: 'An issue says why in the text of its details alone',
    source: 'FHIR R4 operationoutcome: details 0..1, diagnostics 0..1',
    dress: issues(({ diagnostics: _, ...issue }) => issue),
    touches: near,
  },
  {
    id: 'outcome-with-coding-alone',
    title: 'An issue says why by a coding of the payer with a display',
    source: 'FHIR R4 operationoutcome: details is a CodeableConcept with an example binding',
    dress: issues(({ diagnostics, details, ...issue }) => ({
      ...issue,
      details: {
        coding: [
          { system: 'https://old-mill.example/reasons', code: 'R17', display: details?.text ?? diagnostics ?? 'no' },
        ],
      },
    })),
    touches: near,
  },
  {
    id: 'outcome-with-narrative',
    title: 'An OperationOutcome has id, meta and narrative',
    source: 'FHIR R4 operationoutcome: a DomainResource',
    dress: outcomes(
      (outcome): OperationOutcome => ({
        ...outcome,
        id: 'exception',
        meta: { lastUpdated: '2026-03-02T15:00:00Z' },
        text: {
          status: 'generated',
          div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>The request was refused.</p></div>',
        },
      }),
    ),
    touches: near,
  },
  {
    id: 'outcome-is-fatal',
    title: 'An error is fatal',
    source: 'FHIR R4 operationoutcome: severity fatal or error',
    dress: issues((issue) => ({ ...issue, severity: issue.severity === 'error' ? 'fatal' : issue.severity })),
    touches: near,
  },
  {
    id: 'outcome-of-general-codes',
    title: 'Every issue has the code processing',
    source: 'FHIR R4 operationoutcome: issue-type, no code prescribed for a refusal',
    dress: issues((issue) => ({ ...issue, code: 'processing' })),
    touches: near,
  },
  {
    id: 'outcome-points-into-request',
    title: 'An issue points into the request by FHIRPath and by location',
    source: 'FHIR R4 operationoutcome: expression and location',
    dress: issues((issue) => ({
      ...issue,
      expression: ['Parameters.parameter[0].resource.ofType(Patient)'],
      location: ['/f:Parameters/f:parameter[1]/f:resource/f:Patient', 'Line[1] Column[42]'],
    })),
    touches: near,
  },
  {
    id: 'outcome-in-another-language',
    title: 'Refusals are worded in German',
    source: 'FHIR R4 languages; PDex p2p-single: wording is free',
    dress: issues((issue) => ({
      ...issue,
      diagnostics: 'Der Einwilligung kann nicht entsprochen werden.',
      details: { text: 'Der Einwilligung kann nicht entsprochen werden.' },
    })),
    touches: near,
    // Whether foreign words give the consent as the reason is for a reader to see.
    mayWarn: ['PDEX-115'],
  },
  {
    id: 'unauthorized-without-body',
    title: 'A 401 has a challenge and no body',
    source: 'RFC 6750 §3: the challenge says it; FHIR R4 http#Status-Codes: an OperationOutcome SHOULD come',
    dress: answers('all', (answer) =>
      answer.status === 401 && answer.headers.has('www-authenticate') && !answer.headers.has('cache-control')
        ? recast(answer, null, { 'content-type': null })
        : answer,
    ),
    touches: ['AUTH-070', 'AUTH-071', 'CORE-020', 'BULK-003', 'BULK-017', 'PDEX-333', 'HREX-058'],
    mayWarn: ['CORE-020'],
  },
  {
    id: 'unauthorized-as-oauth',
    title: 'A 401 or 403 of the token carries an error as OAuth has it',
    source: 'RFC 6750 §3.1: what the body says is open',
    dress: answers('all', (answer) =>
      [401, 403].includes(answer.status) &&
      answer.headers.has('www-authenticate') &&
      !answer.headers.has('cache-control')
        ? recast(answer, JSON.stringify({ error: 'invalid_token' }), { 'content-type': 'application/json' })
        : answer,
    ),
    touches: ['AUTH-070', 'AUTH-071', 'CORE-020', 'BULK-003', 'BULK-017', 'PDEX-333', 'PDEX-334', 'HREX-058'],
    mayWarn: ['CORE-020'],
  },
  {
    id: 'challenge-with-realm',
    title: 'A challenge names realm, scope and a page about the error',
    source: 'RFC 6750 §3',
    dress: challenged((old) => `${old}${old === 'Bearer' ? ' ' : ', '}realm="payer api", scope="patient/*.rs"`),
    touches: ['AUTH-070', 'AUTH-071'],
  },
  {
    id: 'challenge-among-others',
    title: 'Bearer is the second of two challenges',
    source: 'RFC 9110 §11.6.1',
    dress: challenged((old) => `Negotiate, ${old}`),
    touches: ['AUTH-070', 'AUTH-071'],
  },
  {
    id: 'challenge-without-error',
    title: 'A challenge does not name the error of the token',
    source: 'RFC 6750 §3.1: SHOULD',
    dress: challenged(() => 'Bearer realm="payer api"'),
    touches: ['AUTH-070', 'AUTH-071'],
    mayWarn: ['AUTH-071'],
  },
  {
    id: 'foreign-is-forbidden',
    title: 'Another member is 403',
    source: 'PDex p2p-single (open between 403 and 404); FHIR R4 http#Status-Codes',
    settings: { foreign: 403 },
    touches: ['PDEX-113', 'AUTH-115', 'HREX-058', 'CORE-054', 'PDEX-138', 'BULK-004', 'PDEX-342', 'BULK-036'],
  },
  {
    id: 'foreign-is-empty',
    title: 'Another member is not found in a Bundle that holds nothing',
    source: 'PDex p2p-single (open between 403, 404 and nothing); FHIR R4 search: no rights, no matches',
    settings: { foreign: 'empty' },
    touches: ['PDEX-113', 'AUTH-115', 'HREX-058', 'CORE-053', 'CORE-054', 'PDEX-138', 'BULK-004', 'PDEX-342'],
  },
  {
    id: 'unknown-is-forbidden',
    title: 'What the member does not own is 403, whether it exists or not',
    source: 'FHIR R4 http#Status-Codes, security: whether something is there need not be told',
    dress: restated(404, 403, /\/fhir\/[A-Z][A-Za-z]+\/[^/$]+$/),
    touches: ['CORE-010', 'PDEX-335', 'PDEX-380', 'PDEX-420', 'PDEX-336'],
  },
  {
    id: 'unreadable-values-are-422',
    title: 'A search with a value that cannot be read is 422',
    source: 'FHIR R4 http#Status-Codes: 400 or 422',
    dress: restated(400, 422, isData),
    touches: [
      'CORE-041',
      'PDEX-332',
      'CORE-053',
      'CORE-040',
      'BULK-017',
      'BULK-030',
      'BULK-031',
      'BULK-034',
      'BULK-042',
    ],
    mayWarn: ['CORE-040', 'CORE-041', 'PDEX-332'],
  },
  {
    id: 'malformed-matches-are-400',
    title: 'A match request that is badly formed is 400',
    source: 'PDex p2p-single: 422 in a diagram alone; HTTP has 400 for it',
    dress: answers('POST /fhir/Patient/$member-match', async (answer) => {
      const body = await bodyOf(answer)
      const malformed = answer.status === 422 && /"code":"(structure|invalid|required|value)"/.test(body ?? '')
      const aboutConsent = /[Cc]onsent/.test(body ?? '')
      return recast(answer, body, {}, malformed && !aboutConsent ? 400 : answer.status)
    }),
    touches: ['PDEX-117', 'HREX-009', 'HREX-014'],
    mayWarn: ['PDEX-117', 'PDEX-118'],
  },
  {
    id: 'searching-at-large-is-refused',
    title: 'A search that names no patient is refused',
    source: 'FHIR R4 search: a server may refuse what is too costly; PDex p2p-single',
    dress: answers('search', (answer, { visit }) =>
      visit.params.type !== 'Patient' &&
      ['Practitioner', 'PractitionerRole', 'Organization', 'Location', 'Group'].every(
        (type) => type !== visit.params.type,
      ) &&
      !['patient', 'subject', 'identifier'].some((name) => visit.url.searchParams.has(name)) &&
      !(byIdAlone.includes(visit.params.type ?? '') && visit.url.searchParams.has('_id')) &&
      answer.status === 200
        ? new Response(
            JSON.stringify({
              resourceType: 'OperationOutcome',
              issue: [{ severity: 'error', code: 'too-costly', diagnostics: 'a patient must be named' }],
            } satisfies OperationOutcome),
            { status: 403, headers: { 'content-type': 'application/fhir+json' } },
          )
        : answer,
    ),
    touches: ['PDEX-127', 'PDEX-382', 'PDEX-400'],
  },
  {
    id: 'deleted-is-forbidden',
    title: 'What was deleted is 403, as everything that the member does not own',
    source: 'FHIR R4 http#Status-Codes, security: whether something is there need not be told',
    dress: restated(410, 403, isData),
    touches: ['CORE-010', 'PDEX-336'],
  },
  {
    id: 'deleted-leaves-no-trace',
    title: 'What was deleted is 404',
    source: 'FHIR R4 http#read: 410, or 404 where deletion is not tracked',
    dress: both(restated(410, 404, isData)),
    touches: ['CORE-010', 'PDEX-336'],
  },
]
