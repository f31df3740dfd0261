/** Dynamic client registration over mutual TLS: rightly, in other right ways, and wrongly. */
import type { Actor, Flow } from '../harness/actor.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Exchange } from '../harness/transcript.ts'
import { discoverUdap, lookUp } from './discover.ts'
import { registrationMistakes, registrationVariations } from './registration-mistakes.ts'
import { draftRegistration, registrationBody } from './registration-request.ts'
import { latest } from './tokens.ts'
import { signedEndpoint } from './udap-metadata.ts'

const manners = { ...registrationMistakes, ...registrationVariations }

/**
 * Registers the client with the payer. Somebody who was registered by hand registers nothing, unless the manner of
 * registering is what the scenario is about.
 */
export const register = (
  payer: Actor,
  manner?: string,
  options: { readonly udap?: boolean } = {},
): Flow<Exchange | undefined> => ({
  title: `register with the ${payer.name}${manner ? ` ${manner}` : ''}`,
  moves: ['register'],
  perform: async (client) => {
    if (client.identity.clientId && manner === undefined && !options.udap) return undefined
    const url = await registrationEndpoint(client, payer, options.udap ?? false)
    const draft = draftRegistration(client, payer, url)
    if (options.udap) draft.form = 'udap'
    if (manner !== undefined) {
      const change = manners[manner]
      if (!change) throw new HarnessError('bad-input', `nobody knows how to register "${manner}"`)
      await change(draft)
    }
    const { body, headers } = registrationBody(draft)
    return client.send('register', payer, {
      method: 'POST',
      url,
      headers,
      body,
      ...(draft.uncertified ? { as: null } : {}),
      intent: {
        form: draft.form,
        ...(manner === undefined ? {} : manner in registrationMistakes ? { mistake: manner } : { variation: manner }),
      },
    })
  },
})

/** Discovery says where; it is asked now if it was not before. */
async function registrationEndpoint(client: Actor, payer: Actor, udap: boolean): Promise<string> {
  if (udap) {
    if (!latest(client, payer, 'udap-configuration')) await discoverUdap(payer).perform(client)
    return signedEndpoint(client, payer, 'registration_endpoint')
  }
  const url = await lookUp(client, payer, 'registration_endpoint')
  if (!url) throw new HarnessError('not-seen', `nobody says where the ${payer.name} registers clients`)
  return url
}
