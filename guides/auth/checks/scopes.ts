/** Scopes: never more than was registered, both syntaxes of SMART, the operation's own, and what a narrow one opens. */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { isPersonal } from '../../core/compartment.ts'
import { wrongAnswer } from '../../core/judging.ts'
import { resourcesIn } from '../../core/received.ts'
import { disorderedScopes, widerScopes } from '../mistakes.ts'
import {
  formOf,
  goodVariant,
  isSound,
  judgeMistakes,
  judgeRefusal,
  notOffered,
  originOf,
  said,
  succeeded,
  texts,
  tokenMoves,
} from '../oauth.ts'
import { beyond, dataScope, grantedIn, matchScope, registeredFor, scopesIn } from '../scopes.ts'

export const staysWithinRegistration = check(
  'AUTH-060',
  'SHALL',
  'No scope is granted that was not registered',
  (transcript) =>
    judgeMistakes(transcript, tokenMoves, widerScopes, (x) => {
      if (!succeeded(x))
        return judgeRefusal(x, { statuses: [400], codes: ['invalid_scope'], what: x.intent.mistake ?? '' })
      const held = registeredFor(transcript, x)
      if (!held) return [undecided(x, 'the registration does not say which scopes it has')]
      const more = beyond(held, grantedIn(x))
      return more.length
        ? [
            unmet(x, 'wider', `${more.join(', ')} was granted and never registered`, {
              expected: held.join(' '),
              actual: grantedIn(x).join(' '),
              expression: 'scope',
            }),
          ]
        : []
    }),
)

export const grantsWhatWasRegistered = check('AUTH-060', 'SHALL', 'What is granted was registered', (transcript) =>
  transcript.some(tokenMoves, { where: isSound }).flatMap((x): Finding[] => {
    const held = registeredFor(transcript, x)
    if (!held) return [undecided(x, 'the registration does not say which scopes it has')]
    const wanted = scopesIn(formOf(x).get('scope'))
    const more = beyond(held, succeeded(x) ? grantedIn(x) : wanted)
    if (succeeded(x))
      return more.length
        ? [
            unmet(x, 'wider', `${more.join(', ')} was granted and never registered`, {
              expected: held.join(' '),
              actual: grantedIn(x).join(' '),
              expression: 'scope',
            }),
          ]
        : []
    return more.length === wanted.length
      ? judgeRefusal(x, { statuses: [400], codes: ['invalid_scope'], what: 'for a scope that was not registered' })
      : [undecided(x, 'a token for a registered scope was refused')]
  }),
)

export const knowsBothSyntaxes = check(
  'AUTH-061',
  'SHOULD',
  'Reading is granted in the syntax of SMART 1 and of SMART 2, as it was asked for',
  (transcript) => {
    const one = transcript.last('member-token', { intent: { variation: 'for reading in the syntax of SMART 1' } })
    const two = transcript.last('member-token', { intent: { variation: 'for reading in the syntax of SMART 2' } })
    const capabilities = transcript
      .all('smart-configuration')
      .flatMap((x) => texts(said(x).capabilities))
      .filter((capability) => capability.startsWith('permission-v'))
    return (
      [
        [one, 'permission-v1', '.read'],
        [two, 'permission-v2', '.rs'],
      ] as const
    ).flatMap(([x, capability, suffix]): Finding[] => {
      if (!capabilities.includes(capability)) return notOffered(x, capability)
      if (answered(x).status !== 200)
        return [
          wrongAnswer(x, 'not-granted', `${capability} is advertised and "${formOf(x).get('scope')}" was refused`, {
            actual: said(x).error,
          }),
        ]
      return grantedIn(x).some((scope) => dataScope(scope) !== undefined && scope.endsWith(suffix))
        ? []
        : [
            unmet(x, 'other-syntax', `${formOf(x).get('scope')} was asked for and is answered in another syntax`, {
              expected: formOf(x).get('scope'),
              actual: said(x).scope,
              expression: 'scope',
            }),
          ]
    })
  },
)

export const grantsNoDisorder = check(
  'AUTH-062',
  'MAY',
  'A suffix whose letters are out of order is ignored, replaced or refused',
  (transcript) =>
    transcript.some(tokenMoves, { where: (x) => disorderedScopes.some((m) => m === x.intent.mistake) }).flatMap((x) => {
      if (!goodVariant(transcript, x, tokenMoves)) return [undecided(x, 'no token was granted for an orderly scope')]
      if (!succeeded(x))
        return judgeRefusal(x, { statuses: [400], codes: ['invalid_scope'], what: x.intent.mistake ?? '' })
      const wrong = grantedIn(x).filter((scope) => /\.[cruds]+$/.test(scope) && dataScope(scope) === undefined)
      return wrong.length
        ? [
            unmet(x, 'granted', `${wrong.join(', ')} was granted as it stood`, {
              actual: said(x).scope,
              expression: 'scope',
            }),
          ]
        : [noted(x, 'left-out', 'the disorderly scope was left out of what was granted')]
    }),
)

export const limitsBySearch = check(
  'AUTH-063',
  'MAY',
  'A scope with a search suffix limits what is read',
  (transcript) => {
    const x = transcript.last('member-token', { intent: { variation: 'for laboratory results alone' } })
    const answer = answered(x)
    if (answer.status !== 200 || !grantedIn(x).some((scope) => scope.includes('?category=')))
      return notOffered(x, 'a scope with a search suffix')
    const read = transcript.all('probe', { intent: { at: 'type' }, where: (p) => originOf(transcript, p) === x })
    if (read.length === 0) return [undecided(x, 'nothing was read with that token')]
    return read.flatMap((p) => {
      const found = resourcesIn(p).filter(({ resource }) => resource.resourceType === 'Observation')
      if (!succeeded(p) || found.length === 0) return [undecided(p, 'no Observation came with that token')]
      const others = found.filter(({ resource }) => !JSON.stringify(resource.category ?? '').includes('"laboratory"'))
      return others.length
        ? [
            unmet(p, 'wider', `${others.length} Observations came that are no laboratory results`, {
              expression: 'Bundle.entry',
            }),
          ]
        : []
    })
  },
)

export const refusesBeyondScope = check(
  'AUTH-064',
  'SHOULD',
  'A request that the scope does not cover fails at once',
  (transcript) => {
    const narrow = transcript.last('member-token', { intent: { variation: 'for the data of one type' } })
    const scopes = grantedIn(narrow)
    if (!succeeded(narrow) || scopes.some((scope) => dataScope(scope)?.type !== 'Coverage'))
      return [undecided(narrow, 'no token for one type alone was granted')]
    const tried = transcript.some('probe', {
      where: (x) => originOf(transcript, x) === narrow && x.intent.at === 'data',
    })
    const good = transcript.all('probe', {
      where: (x) => x.intent.at === 'data' && succeeded(x) && originOf(transcript, x) !== narrow,
    })
    if (good.length === 0) return [undecided(narrow, 'the same was never read with a wider scope')]
    // A search may be refused or find nothing: what it must not find is data of another type.
    const found = transcript
      .all('probe', { where: (x) => x.intent.at === 'type' && succeeded(x) && originOf(transcript, x) === narrow })
      .flatMap((x) =>
        resourcesIn(x)
          .filter(({ resource: { resourceType } }) => isPersonal(resourceType) && resourceType !== 'Coverage')
          .slice(0, 1)
          .map(({ resource: { resourceType }, expression }) =>
            unmet(x, 'accepted', `a search with ${scopes.join(' ')} found a ${resourceType}`, {
              expected: 403,
              actual: answered(x).status,
              expression,
            }),
          ),
      )
    const read = tried.flatMap((x) =>
      [401, 403, 404].includes(answered(x).status)
        ? []
        : [
            wrongAnswer(
              x,
              'accepted',
              `a Patient was asked for with ${scopes.join(' ')} and answered ${answered(x).status}`,
              {
                expected: 403,
                actual: answered(x).status,
              },
            ),
          ],
    )
    return [...read, ...found]
  },
)

export const grantsOperationScope = check(
  'AUTH-119',
  'IMPLIED',
  "The scope of $member-match is granted by the operation's own URL",
  (transcript) => {
    const asked = transcript.some('match-token', {
      where: (x) => isSound(x) && scopesIn(formOf(x).get('scope')).includes(matchScope),
    })
    // As it stands, or as a scope of SMART that names the operation.
    const names = (scope: string): boolean => scope === matchScope || /member-?match/i.test(scope)
    if (asked.some((x) => succeeded(x) && grantedIn(x).some(names))) return []
    const x = asked.at(-1) as Exchange
    const { status } = answered(x)
    return [
      wrongAnswer(x, 'not-granted', 'the URL of the operation is not taken as a scope', {
        expected: matchScope,
        actual: succeeded(x) ? said(x).scope : (said(x).error ?? status),
        expression: 'scope',
      }),
    ]
  },
)

export const scopesChecks: readonly Check[] = [
  staysWithinRegistration,
  grantsWhatWasRegistered,
  knowsBothSyntaxes,
  grantsNoDisorder,
  limitsBySearch,
  refusesBeyondScope,
  grantsOperationScope,
]
