/** Scenarios of a sample run: what is held is searched, read as a whole and exported; somebody is out of reach. */
import { member } from './sample-data.ts'
import { asJson, bearing, fhir, type PlannedScenario, type SampleProps } from './sample-props.ts'

const { bundle, conditions, ndjson } = member
const retrieving = {
  feature: 'Retrieving what the old plan holds',
  uri: 'features/pdex/payer-to-payer/retrieval.feature',
}

export const retrievals = ({ askToken, background, memberToken, search }: SampleProps): readonly PlannedScenario[] => [
  {
    ...retrieving,
    rule: 'Every row of the table can be searched',
    name: 'The conditions of the member are retrieved',
    steps: [
      ...background,
      {
        keyword: 'When',
        text: 'the requesting payer retrieves the Condition resources of Ana Adams',
        says: [askToken('member-token', 'patient/Condition.rs', memberToken), search('Condition', conditions)],
      },
      {
        keyword: 'Then',
        text: 'every Condition of Ana Adams is there',
        finds: [
          {
            requirement: 'PDEX-021',
            title: 'Conditions come in US Core shape',
            code: 'skip',
            noted: 'The profile validator is not here yet, so the shape was not judged.',
          },
          { requirement: 'PDEX-005', title: 'The history has the conditions of five years' },
        ],
      },
      {
        keyword: 'And',
        text: 'each Condition comes with its Provenance',
        finds: [
          {
            requirement: 'PDEX-063',
            title: 'Each Condition comes with Provenance',
            unmet: {
              code: 'missing-resource',
              message: '2 of 3 Conditions come without a Provenance that targets them.',
              expected: ['Condition/c1', 'Condition/c2', 'Condition/c3'],
              actual: ['Condition/c1'],
              expression: 'Bundle.entry.resource.ofType(Provenance).target',
            },
          },
        ],
      },
    ],
  },
  {
    ...retrieving,
    rule: 'Everything in one call',
    name: 'Everything is retrieved page by page',
    steps: [
      ...background,
      {
        keyword: 'When',
        text: 'the requesting payer retrieves everything of Ana Adams',
        says: [
          askToken('member-token', 'patient/*.rs', memberToken),
          {
            move: 'everything',
            url: `${fhir}/Patient/ana-adams/$everything?_count=20`,
            headers: bearing(memberToken),
            answer: { status: 200, body: bundle },
          },
          {
            move: 'everything-page',
            url: `${fhir}/Patient/ana-adams/$everything?_count=20&page=2`,
            headers: bearing(memberToken),
            answer: { status: 200, body: bundle },
          },
        ],
      },
      {
        keyword: 'Then',
        text: 'nothing of another member is there',
        finds: [{ requirement: 'PDEX-118', title: 'Only the member who was asked for is in the answer' }],
      },
      {
        keyword: 'And',
        text: 'the pages make one whole',
        finds: [{ requirement: 'PDEX-122', title: 'Following next links gives every resource once' }],
      },
    ],
  },
  {
    ...retrieving,
    rule: 'Export to NDJSON',
    name: 'The record is exported and downloaded',
    steps: [
      ...background,
      {
        keyword: 'When',
        text: 'the requesting payer exports the record of Ana Adams',
        says: [
          askToken('member-token', 'patient/*.rs', memberToken),
          {
            move: 'export-kick-off',
            url: `${fhir}/Patient/ana-adams/$export`,
            headers: [...bearing(memberToken), ['Prefer', 'respond-async']],
            answer: { status: 202, headers: [['Content-Location', `${fhir}/export/7`]] },
          },
          {
            move: 'export-status',
            url: `${fhir}/export/7`,
            headers: bearing(memberToken),
            answer: {
              status: 202,
              headers: [
                ['Retry-After', '2'],
                ['X-Progress', '40 %'],
              ],
            },
          },
          {
            move: 'export-status',
            url: `${fhir}/export/7`,
            headers: bearing(memberToken),
            answer: {
              status: 200,
              headers: asJson,
              body: JSON.stringify({
                transactionTime: '2026-03-02T15:00:00Z',
                requiresAccessToken: true,
                output: [{ type: 'Condition', url: `${fhir}/export/7/Condition.ndjson`, count: 3 }],
                error: [],
              }),
            },
          },
          {
            move: 'export-file',
            url: `${fhir}/export/7/Condition.ndjson`,
            headers: bearing(memberToken),
            answer: { status: 200, headers: [['Content-Type', 'application/fhir+ndjson']], body: ndjson },
          },
        ],
      },
      {
        keyword: 'Then',
        text: 'the export holds what a search finds',
        finds: [
          { requirement: 'BULK-011', title: 'The manifest lists every file' },
          { requirement: 'BULK-020', title: 'A file is NDJSON, one resource a line' },
        ],
      },
    ],
  },
  {
    ...retrieving,
    name: 'The trust manager is out of reach',
    code: 'error',
    reason: 'the trust manager cannot be reached: connect ECONNREFUSED 127.0.0.1:9',
    steps: [
      ...background,
      {
        keyword: 'When',
        text: 'the requesting payer refreshes the repository',
        status: 'error',
        message: 'cannot-reach: the trust manager cannot be reached: connect ECONNREFUSED 127.0.0.1:9',
        says: [
          {
            move: 'refresh-repository',
            to: 'trust manager',
            url: 'https://trust.example/main',
            failure: { kind: 'unreachable', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:9' },
          },
        ],
      },
      {
        keyword: 'Then',
        text: 'the repository names the responding payer',
        status: 'skipped',
        finds: [
          {
            requirement: 'PDEX-083',
            title: 'The bundle of a member is on main',
            code: 'error',
            unmet: {
              code: 'not-answered',
              message: 'no answer to GET https://trust.example/main: connect ECONNREFUSED 127.0.0.1:9',
            },
          },
        ],
      },
    ],
  },
]
