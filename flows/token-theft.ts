/** Tokens and client ids in the wrong hands: over another connection, by another member, without a certificate (RFC 8705). */
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Exchange } from '../harness/transcript.ts'
import { fhirBase, latest, tokenOf } from './tokens.ts'

/**
 * Reads the member's Patient with the token of `owner`. Performed by the owner it is the rightful use; by somebody else a
 * theft; `bare`: over a connection without a client certificate.
 */
export const useToken = (payer: Actor, owner: Actor, bare = false): Flow<Exchange> => ({
  title: `use the token of the ${owner.name} with the ${payer.name}${bare ? ' without a certificate' : ''}`,
  moves: ['probe'],
  perform: (bearer) => {
    const subject = latest(owner, payer, 'member-token')?.intent.subject
    if (!subject || /[|/]/.test(subject))
      throw new HarnessError('not-seen', `the ${owner.name} has no token that names a Patient by id`)
    return bearer.send('probe', payer, {
      method: 'GET',
      url: `${fhirBase(payer)}/Patient/${subject}`,
      headers: [
        ['Authorization', `Bearer ${tokenOf(owner, payer, 'member')}`],
        ['Accept', 'application/fhir+json'],
      ],
      ...(bare ? { as: null } : {}),
      fresh: true,
      intent: {
        what: 'use a token',
        owner: owner.name,
        connection: bare ? 'without a certificate' : bearer.name === owner.name ? 'its own' : 'of another member',
      },
    })
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
