/** Tokens and client ids in the wrong hands: over another connection, by another member, without a certificate (RFC 8705). */
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Exchange } from '../harness/transcript.ts'
import { type Door, doorsOf, openDoors } from './doors.ts'
import { fhirBase, latest, tokenOf } from './tokens.ts'

/**
 * Reads the member's Patient with the token of `owner`, and goes to every other door behind which the data is. Performed by the owner it is the rightful use; by somebody else a
 * theft; `bare`: over a connection without a client certificate.
 */
export const useToken = (payer: Actor, owner: Actor, bare = false): Flow<Exchange> => ({
  title: `use the token of the ${owner.name} with the ${payer.name}${bare ? ' without a certificate' : ''}`,
  moves: ['probe', 'export-kick-off', 'export-status', 'export-file'],
  perform: async (bearer) => {
    const subject = latest(owner, payer, 'member-token')?.intent.subject
    if (!subject || /[|/]/.test(subject))
      throw new HarnessError('not-seen', `the ${owner.name} has no token that names a Patient by id`)
    const own = bearer.name === owner.name
    const intent = {
      what: 'use a token',
      owner: owner.name,
      connection: bare ? 'without a certificate' : own ? 'its own' : 'of another member',
    }
    const use = ({ at, url, accept = 'application/fhir+json', headers = [] }: Door): Promise<Exchange> =>
      bearer.send('probe', payer, {
        method: 'GET',
        url,
        headers: [['Authorization', `Bearer ${tokenOf(owner, payer, 'member')}`], ['Accept', accept], ...headers],
        ...(bare ? { as: null } : {}),
        fresh: true,
        intent: { ...intent, ...(at === 'read' ? {} : { at }) },
      })
    const first = await use({ at: 'read', url: `${fhirBase(payer)}/Patient/${subject}` })
    if (bare) return first
    if (own && first.response?.status === 200) await openDoors(payer).perform(owner)
    for (const door of doorsOf(owner, payer, subject)) await use(door)
    return first
  },
})

/** Repeats the token request of `owner`, who authenticates with its certificate, over the performer's own connection. */
export const borrowClientId = (payer: Actor, owner: Actor): Flow<Exchange> => ({
  title: `ask the ${payer.name} for a token as the ${owner.name}`,
  moves: ['match-token'],
  perform: (borrower) => {
    const good = latest(
      owner,
      payer,
      'match-token',
      ({ request }) => !new URLSearchParams(request.body).has('client_assertion'),
    )
    if (!good) throw new HarnessError('not-seen', `the ${owner.name} has no token by its certificate alone`)
    return borrower.send('match-token', payer, {
      method: 'POST',
      url: good.request.url,
      headers: good.request.headers.filter(([name]) => !/^(host|content-length|connection)$/i.test(name)),
      body: good.request.body,
      intent: { mistake: 'as another client', owner: owner.name },
    })
  },
})
