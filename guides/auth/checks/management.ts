/** The life of a registration (RFC 7592), and what its first credential is good for (PDex "Dynamic Client Registration"). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { putOff, wrongAnswer } from '../../core/judging.ts'
import { isSound, notOffered, said, succeeded } from '../oauth.ts'
import { foundNothing, hidden } from './resource.ts'

const managed = (x: Exchange): boolean =>
  typeof said(x).registration_access_token === 'string' && isUrl(said(x).registration_client_uri)
const isUrl = (value: unknown): boolean => typeof value === 'string' && URL.canParse(value)

export const offersManagement = check(
  'AUTH-028',
  'MAY',
  'Management of a registration is offered with both its token and its address, or not at all',
  (transcript) => {
    const x = transcript.last('register', { where: (one) => isSound(one) && succeeded(one) })
    const { registration_access_token: token, registration_client_uri: url } = said(x)
    if (token === undefined && url === undefined) return notOffered(x, 'management of registrations')
    return managed(x)
      ? []
      : [
          unmet(
            x,
            'half-offered',
            'one of registration_access_token and registration_client_uri is missing or unusable',
            {
              actual: { token: typeof token, url },
            },
          ),
        ]
  },
)

const managing = ['read-registration', 'update-registration', 'delete-registration'] as const
const expectedOf: Readonly<Record<(typeof managing)[number], number>> = {
  'read-registration': 200,
  'update-registration': 200,
  'delete-registration': 204,
}

export const managesRegistrations = check(
  'AUTH-029',
  'SHALL',
  'A registration is read, changed and deleted by its own token alone',
  (transcript) => {
    const offered = transcript.all('register', { where: (x) => isSound(x) && managed(x) })
    if (offered.length === 0) return notOffered(undefined, 'management of registrations')
    const all = transcript.some(managing)
    const gone = all.find((x) => x.move === 'delete-registration' && isSound(x) && succeeded(x))
    const order = transcript.every()
    const isAfterDeletion = (x: Exchange): boolean => gone !== undefined && order.indexOf(x) > order.indexOf(gone)
    const findings = all.flatMap((x): Finding[] => {
      const { status } = answered(x)
      const rightful = isSound(x) && !isAfterDeletion(x)
      // 403: this client has no permission for it (RFC 7592 §2); 405: nobody has.
      const wanted = [rightful ? expectedOf[x.move as keyof typeof expectedOf] : 401, 403, 405]
      if (rightful && x.move === 'update-registration' && status === 400 && said(x).error !== undefined)
        return [undecided(x, `this change is not taken: ${String(said(x).error)}`)]
      return wanted.includes(status)
        ? []
        : [
            wrongAnswer(
              x,
              succeeded(x) ? 'accepted' : 'wrong-status',
              `${x.request.method} of a registration ${x.intent.mistake ?? (isAfterDeletion(x) ? 'after its deletion' : 'with its own token')} was answered ${status}`,
              {
                expected: wanted[0],
                actual: status,
              },
            ),
          ]
    })
    const late = transcript.all(['match-token', 'member-token'], {
      where: (x) => isAfterDeletion(x) && x.from === gone?.from && isSound(x),
    })
    for (const x of late) {
      const { status } = answered(x)
      if (succeeded(x) || said(x).error !== 'invalid_client')
        findings.push(
          wrongAnswer(x, 'deleted-client', 'a client whose registration was deleted is not told invalid_client', {
            expected: 'invalid_client',
            actual: succeeded(x) ? 'a token' : (said(x).error ?? status),
          }),
        )
    }
    return findings
  },
)

export const firstCredentialMatches = check(
  'AUTH-030',
  'IMPLIED',
  'The credential of a registration is for the match first, and for no data',
  (transcript) => judgeMatchOnly(transcript),
)

/** A token for the operation does the operation and nothing else; 401 is tolerated where 403 is meant. */
export function judgeMatchOnly(transcript: Transcript): Finding[] {
  const tried = transcript.some('probe', {
    intent: { token: 'its token to match members' },
    where: ({ intent }) => intent.at !== 'operation',
  })
  const matches = transcript.all('member-match', { where: isSound })
  const good = matches.find((x) => x.response !== undefined && (succeeded(x) || x.response.status === 422))
  if (!good) return [undecided(tried[0], 'no match was answered with that token, so a refusal of data proves nothing')]
  return tried.flatMap((x) => {
    const { status } = answered(x)
    if (succeeded(x) && foundNothing(x))
      return [noted(x, 'nothing-found', 'the search was answered, and found nothing for that token')]
    const later = putOff(x)
    if (later) return [undecided(x, later)]
    // Whether a member is there need not be told to whom no data is for.
    return [401, 403, 404].includes(status) || (hidden.has(x.intent.at ?? '') && status >= 400 && status < 500)
      ? []
      : [
          unmet(
            x,
            succeeded(x) ? 'accepted' : 'wrong-status',
            `the token for $member-match was answered ${status} at a member's data`,
            {
              expected: 403,
              actual: status,
            },
          ),
        ]
  })
}

export const managementChecks: readonly Check[] = [offersManagement, managesRegistrations, firstCredentialMatches]
