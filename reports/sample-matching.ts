/** Scenarios of a sample run: a member is matched, or is not. */
import { outcome, type PlannedScenario, type SampleProps } from './sample-props.ts'

const matching = {
  feature: 'Matching a member, with consent',
  uri: 'features/pdex/payer-to-payer/member-match.feature',
}

export const matchings = ({
  askToken,
  background,
  match,
  matchToken,
  matched,
}: SampleProps): readonly PlannedScenario[] => [
  {
    ...matching,
    rule: 'One member who fits is named',
    name: 'The new plan asks about a member of the old plan',
    steps: [
      ...background,
      {
        keyword: 'When',
        text: 'the requesting payer asks the responding payer to match Ana Adams and share everything',
        says: [
          askToken('match-token', 'system/Patient.$member-match', matchToken),
          match({ status: 200, body: matched }),
        ],
      },
      {
        keyword: 'Then',
        text: 'the answer names Ana Adams by member identifier',
        finds: [{ requirement: 'PDEX-109', title: 'A match returns the MemberIdentifier' }],
      },
      {
        keyword: 'And',
        text: 'the answer names Ana Adams by patient id',
        finds: [
          { requirement: 'PDEX-108', title: 'A match returns the MemberId too' },
          { requirement: 'HREX-009', title: 'The answer is a Parameters resource' },
        ],
      },
    ],
  },
  {
    ...matching,
    rule: 'Anything but one member is refused',
    name: 'Nobody fits',
    steps: [
      ...background,
      {
        keyword: 'When',
        text: 'the requesting payer asks the responding payer to match Zoe Zhang and share everything',
        says: [
          {
            ...match({ status: 422, body: outcome('not-found', 'No match found') }),
            intent: { person: 'Zoe Zhang' },
          },
        ],
      },
      {
        keyword: 'Then',
        text: 'the match is refused because nobody fits',
        finds: [
          { requirement: 'HREX-014', title: 'No match is answered with 422' },
          { requirement: 'HREX-017', title: 'A refusal says why in an OperationOutcome' },
        ],
      },
    ],
  },
  {
    ...matching,
    rule: 'Consent that cannot be honoured is refused, and gives nothing away',
    name: 'The old plan cannot separate sensitive data',
    steps: [
      ...background,
      { keyword: 'And', text: 'the responding payer cannot share only non-sensitive data' },
      {
        keyword: 'When',
        text: 'the requesting payer asks the responding payer to match Ana Adams and share non-sensitive data',
        says: [match({ status: 200, body: matched })],
      },
      {
        keyword: 'Then',
        text: 'the match is refused because the consent cannot be honoured',
        finds: [
          {
            requirement: 'PDEX-115',
            title: 'A consent that cannot be honoured is answered with 422',
            unmet: {
              code: 'wrong-status',
              message:
                'The match should have been refused with 422, for this payer cannot leave sensitive data out; it was answered with 200.',
              expected: 422,
              actual: 200,
              expression: 'status',
            },
          },
          {
            requirement: 'PDEX-114',
            title: 'A refusal discloses no patient id',
            unmet: {
              code: 'disclosed',
              message: 'The answer discloses the patient id ana-adams although the consent cannot be honoured.',
              expected: null,
              actual: { name: 'MemberId', valueReference: { reference: 'Patient/ana-adams' } },
              expression: 'Parameters.parameter[1]',
            },
          },
        ],
      },
    ],
  },
]
