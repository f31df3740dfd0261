/** HRex $member-match: who is this person to you, and may you share? Also what goes wrong with it, and guessing. */
import type { Actor, Flow } from '../harness/actor.ts'
import { day, daysLater } from '../harness/clock.ts'
import { HarnessError } from '../harness/errors.ts'
import type { ConsentTerms, Person } from '../harness/person.ts'
import type { Exchange } from '../harness/transcript.ts'
import {
  consentsNotToHonour,
  malformedRequests,
  misfits,
  otherWays,
  type Spoil,
  unsoundConsents,
} from './match-mistakes.ts'
import { bodyOf, draftMatch } from './match-request.ts'
import { variations } from './match-variations.ts'
import { fhirBase, tokenOf } from './tokens.ts'

/** Phrases of what is wrong with a request; a check leaves requests with an intent `mistake` out when it judges the client. */
export const mistakes: Readonly<Record<string, Spoil>> = {
  ...malformedRequests,
  ...unsoundConsents,
  ...consentsNotToHonour,
  ...misfits,
  ...otherWays,
}

/** Every way to put the request that is not the plain one. */
export const manners: Readonly<Record<string, Spoil>> = { ...mistakes, ...variations }

/** The policy, and where it matters the first and last day. */
type MatchTerms = Pick<ConsentTerms, 'policy'> & Partial<ConsentTerms> & { readonly manner?: string }

/** Days of the consent period unless told: from enrolment to 90 days after is what PDex suggests. */
const consentDays = 90
/** What a consent says that is given now: unless told from yesterday, for those whose day begins later, until 90 days from now. */
export const consentTerms = (now: Date, { policy, start, end }: Omit<MatchTerms, 'manner'>): ConsentTerms => ({
  policy,
  start: start ?? day(daysLater(now, -1)),
  end: end ?? day(daysLater(now, consentDays)),
})

/** Cards that a guesser tries at most. */
const guesses = 25

/** Asks `payer` for one person. Throws `not-seen` when no token to match with is at hand. */
export const matchMember = (payer: Actor, person: Person, terms: MatchTerms): Flow<Exchange> => ({
  title: `ask the ${payer.name} to match ${person.name}${terms.manner ? ` ${terms.manner}` : ''}`,
  moves: ['member-match'],
  perform: (asker) => ask(asker, payer, person, terms),
})

/** Tries one card after another on the same person, until it is stopped or tired. */
export const guessCards = (payer: Actor, person: Person): Flow<Exchange> => ({
  title: `guess the member number of ${person.name}`,
  moves: ['member-match'],
  perform: async (asker) => {
    let last: Exchange | undefined
    for (let i = 1; i <= guesses && (last === undefined || last.response?.status === 422); i++)
      last = await ask(asker, payer, person, { policy: 'sensitive' }, i)
    return last as Exchange
  },
})

async function ask(asker: Actor, payer: Actor, person: Person, terms: MatchTerms, guess = 0): Promise<Exchange> {
  const now = asker.clock.now()
  const { manner } = terms
  const { policy, start, end } = consentTerms(now, terms)
  const draft = draftMatch(person, { policy, start, end }, { asker: asker.identity, payer: payer.identity, now })
  if (guess > 0) guessed(draft.coverageToMatch, guess)
  if (manner !== undefined) apply(manner, draft)
  const body = draft.method === 'GET' ? undefined : bodyOf(draft)
  return asker.send('member-match', payer, {
    method: draft.method,
    url: `${fhirBase(payer)}/Patient/$member-match`,
    headers: [...draft.headers, ['Authorization', `Bearer ${tokenOf(asker, payer, 'match')}`]],
    ...(body === undefined ? {} : { body }),
    intent: {
      person: person.name,
      policy,
      start,
      end,
      ...(manner === undefined ? {} : manner in mistakes ? { mistake: manner } : { variation: manner }),
      ...(guess > 0 ? { guess: String(guess) } : {}),
    },
  })
}

function apply(manner: string, draft: Parameters<Spoil>[0]): void {
  const change = manners[manner]
  if (!change) throw new HarnessError('bad-input', `nobody knows how to ask "${manner}"`)
  change(draft)
}

/** Another number on the same card, of the same length and kind. */
function guessed(coverage: Person['submitted']['coverageToMatch'], guess: number): void {
  const other = (number: string): string => {
    const tail = String((Number(/\d{1,6}$/.exec(number)?.[0] ?? 0) + guess * 37) % 1_000_000)
    return number.slice(0, Math.max(0, number.length - tail.length)) + tail
  }
  for (const identifier of coverage.identifier ?? []) if (identifier.value) identifier.value = other(identifier.value)
  if (coverage.subscriberId) coverage.subscriberId = other(coverage.subscriberId)
}
