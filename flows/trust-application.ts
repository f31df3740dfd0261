/** A payer applies to the trust community, and the trust manager verifies and endorses it (PDex trust framework, steps 1 to 4). */
import { generateKeyPairSync, sign } from 'node:crypto'
import { isCertificateMistake, isRevoked } from '../certs/mistakes.ts'
import type { Actor, Flow } from '../harness/actor.ts'
import { privateKeyFrom } from '../harness/certificates.ts'
import { HarnessError } from '../harness/errors.ts'
import { type Exchange, json } from '../harness/transcript.ts'
import type { Credentials } from '../harness/wire.ts'
import { revokeCertificate } from './revoke-certificate.ts'
import { deskToken, trustBase } from './trust-token.ts'

interface Application {
  organization?: { name: string; identifiers: readonly object[] }
  identityCertificate?: string
  agreement?: string
  agreementSignature?: string
  contact?: object
}

/** What can be wrong with an application beside its certificate. */
const spoil: Readonly<Record<string, (application: Application, credentials: Credentials) => void>> = {
  'without the agreement': (application) => {
    delete application.agreement
  },
  'without the signature on the agreement': (application) => {
    delete application.agreementSignature
  },
  'without the identity certificate': (application) => {
    delete application.identityCertificate
  },
  'without the organization': (application) => {
    delete application.organization
  },
  'whose agreement was altered after signing': (application) => {
    application.agreement = Buffer.from(agreementText('somebody else')).toString('base64')
  },
  'whose agreement is signed with another key': (application) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const content = Buffer.from(application.agreement ?? '', 'base64')
    application.agreementSignature = sign('sha256', content, privateKey).toString('base64')
  },
}
export const applicationMistakes: readonly string[] = Object.keys(spoil)

const agreementText = (name: string): string =>
  `Trust framework agreement\n\n${name} joins the community and keeps its rules.\n`

/** The agreement as an application holds it, signed with the key of the identity certificate. */
export function agreementOf(
  name: string,
  { key }: Pick<Credentials, 'key'>,
): Required<Pick<Application, 'agreement' | 'agreementSignature'>> {
  const agreement = Buffer.from(agreementText(name))
  return {
    agreement: agreement.toString('base64'),
    agreementSignature: sign('sha256', agreement, privateKeyFrom(key)).toString('base64'),
  }
}

/** Submits identity certificate and signed agreement. `mistake`: one of the application, or of the certificate. */
export const apply = (trust: Actor, mistake?: string): Flow<Exchange> => ({
  title: `apply to the ${trust.name}${mistake ? ` with an application ${mistake}` : ''}`,
  moves: ['submit-application'],
  perform: async (payer) => {
    const credentials = await credentialsFor(payer, trust, mistake)
    const { name, identifier } = payer.identity
    const application: Application = {
      organization: { name, identifiers: [identifier] },
      identityCertificate: credentials.cert,
      ...agreementOf(name, credentials),
      contact: { name: `${name} security desk`, telecom: [{ system: 'url', value: payer.identity.uri }] },
    }
    if (mistake && !isCertificateMistake(mistake)) {
      const change = spoil[mistake]
      if (!change) throw new HarnessError('bad-input', `nobody knows how to apply "${mistake}"`)
      change(application, credentials)
    }
    return payer.send('submit-application', trust, {
      method: 'POST',
      url: `${trustBase(trust)}/tm/submissions`,
      headers: [['Content-Type', 'application/json']],
      body: JSON.stringify(application),
      intent: mistake ? { mistake } : {},
    })
  },
})

async function credentialsFor(payer: Actor, trust: Actor, mistake: string | undefined): Promise<Credentials> {
  const own = payer.identity.credentials
  if (!own) throw new HarnessError('cannot-set-up', `we do not hold the certificate of the ${payer.name}`)
  if (!mistake || !isCertificateMistake(mistake)) return own
  const wrong = await payer.identity.mistaken?.(mistake, { authority: `${trustBase(trust)}/ca` })
  if (!wrong) throw new HarnessError('cannot-set-up', `no certificate ${mistake} can be made for the ${payer.name}`)
  if (isRevoked(mistake)) await revokeCertificate(trust, wrong).perform(payer)
  return wrong
}

/** The latest application of that payer that was taken in. Throws `not-seen` when there is none. */
function submissionOf(payer: Actor): string {
  const taken = payer.transcript.last('submit-application', {
    from: payer.name,
    where: ({ response }) => response?.status === 201,
  })
  const { id } = (taken.response && (json(taken.response) as { id?: unknown })) ?? {}
  if (typeof id !== 'string') throw new HarnessError('not-seen', `the application of the ${payer.name} got no id`)
  return id
}

const desk = (
  move: 'verify-application' | 'endorse-application' | 'revoke-membership',
  payer: Actor,
  path: (id: string) => string,
  title: string,
  body?: object,
): Flow<Exchange> => ({
  title,
  moves: [move],
  perform: async (manager) =>
    manager.send(move, manager, {
      method: 'POST',
      url: `${trustBase(manager)}${path(submissionOf(payer))}`,
      headers: [
        ['Authorization', await deskToken(manager, manager)],
        ['Content-Type', 'application/json'],
      ],
      body: JSON.stringify(body ?? {}),
      intent: { payer: payer.name, ...mistakeOf(payer), ...(body as Record<string, string> | undefined) },
    }),
})

/** What the application that is on the desk was sent with. */
const mistakeOf = (payer: Actor): { mistake?: string } => {
  const { intent } = payer.transcript.last('submit-application', {
    from: payer.name,
    where: ({ response }) => response?.status === 201,
  })
  return intent.mistake ? { mistake: intent.mistake } : {}
}

/** The trust manager verifies what `payer` submitted. */
export const verifyApplication = (payer: Actor): Flow<Exchange> =>
  desk(
    'verify-application',
    payer,
    (id) => `/tm/submissions/${id}/verify`,
    `verify the application of the ${payer.name}`,
  )

/** The trust manager signs the certificate of `payer`: issues it anew, or signs around it. */
export const endorseApplication = (payer: Actor, form?: 'reissue' | 'detached'): Flow<Exchange> =>
  desk(
    'endorse-application',
    payer,
    (id) => `/tm/submissions/${id}/endorse`,
    `endorse the certificate of the ${payer.name}`,
    form && { form },
  )

/** The trust manager ends the membership of `payer`. */
export const revokeMembership = (payer: Actor): Flow<Exchange> =>
  desk('revoke-membership', payer, (id) => `/tm/members/${id}/revoke`, `revoke the membership of the ${payer.name}`)

/** Somebody who is not the trust manager tries to endorse itself. */
export const endorseItself = (trust: Actor): Flow<Exchange> => ({
  title: 'endorse its own application',
  moves: ['endorse-application'],
  perform: async (payer) =>
    payer.send('endorse-application', trust, {
      method: 'POST',
      url: `${trustBase(trust)}/tm/submissions/${submissionOf(payer)}/endorse`,
      headers: [
        ['Authorization', await deskToken(payer, trust)],
        ['Content-Type', 'application/json'],
      ],
      body: '{}',
      intent: { payer: payer.name, mistake: 'not the trust manager' },
    }),
})

/** Becomes a member in one breath: applies, is verified, is endorsed. */
export const becomeEndorsed = (trust: Actor, form?: 'reissue' | 'detached'): Flow<Exchange> => ({
  title: `become a member of the community of the ${trust.name}`,
  moves: ['submit-application', 'verify-application', 'endorse-application'],
  perform: async (payer) => {
    await apply(trust).perform(payer)
    await verifyApplication(payer).perform(trust)
    return endorseApplication(payer, form).perform(trust)
  },
})

/** Reads the certificate that the trust manager signs with, and those of the community's authority. */
export const readSigningCertificate = (trust: Actor): Flow<Exchange> => ({
  title: `read the signing certificate of the ${trust.name}`,
  moves: ['fetch-signing-certificate'],
  perform: async (reader) => {
    const get = (whose: string, path: string): Promise<Exchange> =>
      reader.send('fetch-signing-certificate', trust, {
        method: 'GET',
        url: `${trustBase(trust)}${path}`,
        intent: { whose },
      })
    await get('community', '/ca/certificate')
    return get('manager', '/tm/certificate')
  },
})

/** Reads the list of revoked memberships, as PEM so that the record can hold it. */
export const readRevocationList = (trust: Actor): Flow<Exchange> => ({
  title: `read the revocation list of the ${trust.name}`,
  moves: ['fetch-crl'],
  perform: (reader) =>
    reader.send('fetch-crl', trust, {
      method: 'GET',
      url: `${trustBase(trust)}/tm/crl`,
      headers: [['Accept', 'application/x-pem-file']],
    }),
})
