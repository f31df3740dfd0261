/** Asking for tokens: one to match members with, one for the data of one member (PDex §189, §222 to §224). */
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Person } from '../harness/person.ts'
import type { Exchange } from '../harness/transcript.ts'
import { discoverSmart, lookUp } from './discover.ts'
import { dataScopeAt, matchScope, scopesOnOffer } from './registration-request.ts'
import { tokenMistakes, tokenVariations } from './token-mistakes.ts'
import { b2b as b2bOf, draftToken, registeredWith, type TokenDraft, tokenBody } from './token-request.ts'
import { guarded, latest, namedAs } from './tokens.ts'
import { signedEndpoint } from './udap-metadata.ts'

const manners = { ...tokenMistakes, ...tokenVariations }

/** Where the member is named: PDex says in `sub`, SMART wants the client there. */
export type SubjectMode = 'sub' | 'extension' | 'parameter'
/** A member, by the name in the cast, by Patient id, or by member identifier alone. */
export type Whom =
  | Person
  | { readonly patientId: string }
  | { readonly identifier: { readonly system: string; readonly value: string } }

/** Asks for a token that is good for $member-match. */
export const requestMatchToken = (payer: Actor, manner?: string): Flow<Exchange> => ({
  title: `ask the ${payer.name} for a token to match members${manner ? ` ${manner}` : ''}`,
  moves: ['match-token'],
  perform: async (client) => send(client, payer, 'match-token', await draft(client, payer, matchScope), manner, {}),
})

/** Asks for a token that is good for the data of one member. */
export const requestMemberToken = (
  payer: Actor,
  whom: Whom,
  options: { readonly subjectMode?: SubjectMode; readonly byIdentifier?: boolean; readonly manner?: string } = {},
): Flow<Exchange> => ({
  title: `ask the ${payer.name} for a token for the data of ${'name' in whom ? whom.name : 'a member'}`,
  moves: ['member-token'],
  perform: async (client) => {
    const made = await draft(client, payer, dataScopeAt(client, payer))
    const mode = options.subjectMode ?? modeFor(made)
    const subject = options.byIdentifier ? identifierOf(whom) : subjectFor(client, payer, whom)
    name(made, subject, mode)
    return send(client, payer, 'member-token', made, options.manner, {
      ...('name' in whom ? { person: whom.name } : {}),
      subject,
      subjectMode: mode,
    })
  },
})

/**
 * Asks for each scope that discovery lists, one at a time: those of a patient for that member, and those of a system for that
 * member where they are granted for nobody in particular (PDex: without a member a credential is for the match).
 */
export const requestEveryScope = (payer: Actor, person: Person): Flow<void> => ({
  title: `ask the ${payer.name} for a token for each scope on offer`,
  moves: ['smart-configuration', 'match-token', 'member-token'],
  perform: async (client) => {
    if (!latest(client, payer, 'smart-configuration')) await discoverSmart(payer).perform(client)
    for (const scope of scopesOnOffer(client, payer).split(' ')) {
      const ask = async (move: 'match-token' | 'member-token'): Promise<Exchange> => {
        const made = await draft(client, payer, scope)
        if (move === 'member-token') name(made, subjectFor(client, payer, person), modeFor(made))
        return send(client, payer, move, made, undefined, { scope, person: person.name })
      }
      const first = await ask(scope.startsWith('patient/') ? 'member-token' : 'match-token')
      if (scope.startsWith('system/') && first.response?.status === 400) await ask('member-token')
    }
  },
})

async function draft(client: Actor, payer: Actor, scope: string): Promise<TokenDraft> {
  if (registeredWith(client, payer).udap)
    return draftToken(client, payer, guarded(await signedEndpoint(client, payer, 'token_endpoint'), payer), scope)
  const url = await lookUp(client, payer, 'token_endpoint')
  if (!url) throw new HarnessError('not-seen', `nobody says where the ${payer.name} gives tokens`)
  return draftToken(client, payer, guarded(url, payer), scope)
}

async function send(
  client: Actor,
  payer: Actor,
  move: 'match-token' | 'member-token',
  draft: TokenDraft,
  manner: string | undefined,
  intent: Readonly<Record<string, string>>,
): Promise<Exchange> {
  if (manner !== undefined) {
    const change = manners[manner]
    if (!change) throw new HarnessError('bad-input', `nobody knows how to ask for a token "${manner}"`)
    await change(draft)
  }
  const { body, headers } = tokenBody(draft)
  return client.send(move, payer, {
    method: 'POST',
    url: draft.about.url,
    headers,
    body,
    intent: {
      ...intent,
      ...(payer.places.token === undefined ? {} : { endpoint: 'told' }),
      ...(manner === undefined ? {} : manner in tokenMistakes ? { mistake: manner } : { variation: manner }),
    },
  })
}

/** In `sub`, unless there is no assertion to put it in, or UDAP, whose `sub` is the client. */
const modeFor = ({ about: { registered } }: TokenDraft): SubjectMode =>
  registered.method === 'tls_client_auth' ? 'parameter' : registered.udap ? 'extension' : 'sub'

function name({ assertion, form, about }: TokenDraft, subject: string, mode: SubjectMode): void {
  if (mode === 'parameter') form.push(['patient', subject])
  else if (about.registered.method === 'tls_client_auth')
    throw new HarnessError('cannot-set-up', 'a client without an assertion can name a member in a parameter only')
  else if (mode === 'sub') assertion.claims.sub = subject
  else {
    const extensions = assertion.claims.extensions as Record<string, object> | undefined
    assertion.claims.extensions = {
      ...extensions,
      'hl7-b2b': { ...b2bOf(about.client), ...extensions?.['hl7-b2b'], subject_id: subject },
    }
  }
}

/** What to name the member by: the MemberId of the match, else its MemberIdentifier, else what the scenario knows. */
function subjectFor(client: Actor, payer: Actor, whom: Whom): string {
  if ('identifier' in whom) return identifierText(whom.identifier)
  if (!('name' in whom)) return whom.patientId
  const { id, identifier } = namedAs(client, payer, whom)
  if (id) return id
  if (identifier) return identifierText({ system: '', ...identifier })
  const known = whom.patientId ?? (whom.memberIdentifier && identifierText(whom.memberIdentifier))
  if (!known) throw new HarnessError('not-seen', `nothing names ${whom.name} at the ${payer.name}`)
  return known
}

/** The member identifier that the cast knows. Throws `not-seen` when it knows none. */
function identifierOf(whom: Whom): string {
  const known = 'identifier' in whom ? whom.identifier : 'name' in whom ? whom.memberIdentifier : undefined
  if (!known) throw new HarnessError('not-seen', 'nobody knows the member identifier')
  return identifierText(known)
}

const identifierText = ({ system, value }: { readonly system: string; readonly value: string }): string =>
  `${system}|${value}`
