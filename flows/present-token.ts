/** Presenting a token where it is good, and where it is not: at a member's record and at the match operation. */
import { randomUUID } from 'node:crypto'
import type { Actor, Flow, Message } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Person } from '../harness/person.ts'
import type { Exchange, HeaderList } from '../harness/transcript.ts'
import { type Door, doorsOf, openDoors } from './doors.ts'
import { altered } from './jwt.ts'
import { fhirBase, tokenOf } from './tokens.ts'

/** English phrase -> what stands in the Authorization header (null: nothing) and whether the token is in the query instead. */
type Presented = (
  presenter: Actor,
  payer: Actor,
  owner: Actor,
) => { readonly token: string | null; readonly query?: true }

export const presentations: Readonly<Record<string, Presented>> = {
  'its token for the data': (_, payer, owner) => ({ token: tokenOf(owner, payer, 'member') }),
  'its token to match members': (_, payer, owner) => ({ token: tokenOf(owner, payer, 'match') }),
  // Time or a revocation made it bad: the phrase says what the scenario has done before.
  'its expired token for the data': (_, payer, owner) => ({ token: tokenOf(owner, payer, 'member') }),
  'its revoked token for the data': (_, payer, owner) => ({ token: tokenOf(owner, payer, 'member') }),
  'its token for the data, whose consent has ended': (_, payer, owner) => ({ token: tokenOf(owner, payer, 'member') }),
  'its expired token to match members': (_, payer, owner) => ({ token: tokenOf(owner, payer, 'match') }),
  'no token': () => ({ token: null }),
  'a token that nobody issued': () => ({ token: randomUUID() }),
  'its token for the data, altered': (_, payer, owner) => {
    const token = tokenOf(owner, payer, 'member')
    // An opaque token has no claims to alter: another last letter is another token.
    const tampered =
      token.split('.').length === 3 ? altered(token, (claims) => ({ ...claims, patient: 'somebody-else' })) : ''
    return { token: tampered || `${token.slice(0, -1)}${token.endsWith('a') ? 'b' : 'a'}` }
  },
  'its token for the data in the query': (_, payer, owner) => ({ token: tokenOf(owner, payer, 'member'), query: true }),
}

/** What the phrase says is wrong; undefined for a token in its own place. */
const isGood = (phrase: string, at: string): boolean =>
  phrase === (at === 'operation' ? 'its token to match members' : 'its token for the data')

/** Reads the Patient of that member. `owner` is whose token it is, where it is not the presenter's own. */
export const readPatientWith = (payer: Actor, person: Person, phrase: string, owner?: Actor): Flow<Exchange> => ({
  title: `read the Patient of ${person.name} at the ${payer.name} with ${phrase}`,
  moves: ['probe'],
  perform: (presenter) => {
    if (!person.patientId) throw new HarnessError('cannot-set-up', `nobody knows the Patient id of ${person.name}`)
    return present(presenter, payer, phrase, owner, 'data', { person: person.name }, (query) => ({
      method: 'GET',
      url: `${fhirBase(payer)}/Patient/${person.patientId}${query}`,
    }))
  },
})

/** Searches a type, within what the token opens. */
export const readTypeWith = (payer: Actor, type: string, phrase: string): Flow<Exchange> => ({
  title: `search ${type} at the ${payer.name} with ${phrase}`,
  moves: ['probe'],
  perform: (presenter) =>
    present(presenter, payer, phrase, undefined, 'type', { type }, (query) => ({
      method: 'GET',
      url: `${fhirBase(payer)}/${type}${query}`,
    })),
})

/**
 * Presents it at every door behind which the data of that member is. The right token opens what it can first; a wrong one is
 * then tried where the right one got in.
 */
export const tryDoors = (payer: Actor, person: Person, phrase: string): Flow<void> => ({
  title: `try every door of the ${payer.name} for ${person.name} with ${phrase}`,
  moves: ['probe', 'export-kick-off', 'export-status', 'export-file'],
  perform: async (presenter) => {
    const { patientId } = person
    if (!patientId) throw new HarnessError('cannot-set-up', `nobody knows the Patient id of ${person.name}`)
    const good = isGood(phrase, 'data')
    if (good) await openDoors(payer).perform(presenter)
    const opened = (door: Door): boolean =>
      presenter.transcript
        .all('probe', { from: presenter.name, to: payer.name, intent: { at: door.at, door: 'open' } })
        .some(({ response }) => response !== undefined && response.status < 300)
    const tried = new Set<string>()
    for (;;) {
      // A door may show the way to the next one.
      const door = doorsOf(presenter, payer, patientId).find((one) => !tried.has(one.at) && (good || opened(one)))
      if (!door) return
      tried.add(door.at)
      const intent = { person: person.name, door: good ? 'open' : 'tried' }
      await present(
        presenter,
        payer,
        phrase,
        undefined,
        door.at,
        intent,
        () => ({ method: 'GET', url: door.url }),
        door,
      )
    }
  },
})

/** Calls $member-match with the parameters of the latest good call, or with none of them: a refusal comes before they are read. */
export const callMatchWith = (payer: Actor, phrase: string, owner?: Actor): Flow<Exchange> => ({
  title: `call $member-match of the ${payer.name} with ${phrase}`,
  moves: ['probe'],
  perform: (presenter) => {
    const earlier = presenter.transcript
      .all('member-match', { to: payer.name, where: ({ intent }) => intent.mistake === undefined })
      .at(-1)
    return present(presenter, payer, phrase, owner, 'operation', {}, (query) => ({
      method: 'POST',
      url: `${fhirBase(payer)}/Patient/$member-match${query}`,
      body: earlier?.request.body ?? JSON.stringify({ resourceType: 'Parameters' }),
    }))
  },
})

function present(
  presenter: Actor,
  payer: Actor,
  phrase: string,
  owner: Actor | undefined,
  at: string,
  intent: Readonly<Record<string, string>>,
  message: (query: string) => Pick<Message, 'method' | 'url' | 'body'>,
  { accept = 'application/fhir+json', headers: more = [] }: Pick<Door, 'accept' | 'headers'> = {},
): Promise<Exchange> {
  const presented = presentations[phrase]
  if (!presented) throw new HarnessError('bad-input', `nobody knows how to present "${phrase}"`)
  const { token, query } = presented(presenter, payer, owner ?? presenter)
  const headers: HeaderList = [
    ['Accept', accept],
    ...(at === 'operation' ? [['Content-Type', 'application/fhir+json'] as const] : []),
    ...more,
    ...(token !== null && !query ? [['Authorization', `Bearer ${token}`] as const] : []),
  ]
  const stolen = owner !== undefined && owner.name !== presenter.name
  return presenter.send('probe', payer, {
    ...message(query && token !== null ? `?access_token=${encodeURIComponent(token)}` : ''),
    headers,
    intent: {
      ...intent,
      at,
      token: phrase,
      ...(stolen ? { owner: owner.name } : {}),
      ...(isGood(phrase, at) && !stolen
        ? {}
        : { mistake: stolen ? `with the token of the ${owner.name}` : `with ${phrase}` }),
    },
  })
}
