/** Has a certificate revoked by the authority that issued it: who holds the key may ask. */
import { sign } from 'node:crypto'
import type { Actor, Flow } from '../harness/actor.ts'
import { certificateFrom, privateKeyFrom } from '../harness/certificates.ts'
import { HarnessError } from '../harness/errors.ts'
import type { Exchange } from '../harness/transcript.ts'
import type { Credentials } from '../harness/wire.ts'
import { trustBase } from './trust-token.ts'

/** Throws `cannot-set-up` when the authority does not do it: then nothing can be said about a revoked certificate. */
export const revokeCertificate = (trust: Actor, { cert, key }: Credentials): Flow<Exchange> => ({
  title: 'have a certificate revoked',
  moves: ['probe'],
  perform: async (holder) => {
    const leaf = certificateFrom(cert)
    const exchange = await holder.send('probe', trust, {
      method: 'POST',
      url: `${trustBase(trust)}/ca/revocations`,
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify({
        certificate: leaf.toString(),
        proof: sign('sha256', leaf.raw, privateKeyFrom(key)).toString('base64'),
      }),
      intent: { what: 'revoke a certificate' },
    })
    if (!exchange.response || exchange.response.status >= 300)
      throw new HarnessError(
        'cannot-set-up',
        `the authority did not revoke the certificate (${exchange.response?.status ?? exchange.failure?.message})`,
      )
    return exchange
  },
})
