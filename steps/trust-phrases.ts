/** The phrases of sentences about trust, and the flow or the checks that each stands for. */
import { mistakes } from '../certs/mistakes.ts'
import { handshake, handshakeByDirectory, handshakeIn, handshakeWith } from '../flows/handshake.ts'
import { applicationMistakes, apply, readRevocationList, readSigningCertificate } from '../flows/trust-application.ts'
import { bundleMistakes, type Proposal, publish, refreshRepository } from '../flows/trust-repository.ts'
import * as auth from '../guides/auth/checks/mutual-tls.ts'
import * as security from '../guides/hrex/checks/security.ts'
import * as bundle from '../guides/ndh/checks/bundle.ts'
import * as endpoint from '../guides/ndh/checks/endpoint.ts'
import { entriesMeetTheirProfiles } from '../guides/ndh/checks/entries.ts'
import * as registration from '../guides/ndh/checks/registration.ts'
import * as community from '../guides/ndh/checks/trust.ts'
import * as discovery from '../guides/pdex/checks/discovery.ts'
import * as tls from '../guides/pdex/checks/mutual-tls.ts'
import * as publishedBundle from '../guides/pdex/checks/published-bundle.ts'
import * as trust from '../guides/pdex/checks/trust.ts'
import type { Actor, Flow } from '../harness/actor.ts'
import type { Check } from '../harness/check.ts'

/** A flow towards the trust manager. */
export type ToTrust = (trust: Actor, proposal: Proposal) => Flow
/** A flow towards a payer, in a community. */
export type ToPayer = (payer: Actor, trust: Actor) => Flow

const each = <T>(phrases: readonly string[], before: string, make: (phrase: string) => T): Record<string, T> =>
  Object.fromEntries(phrases.map((phrase) => [before + phrase, make(phrase)]))
const wrongCertificates = Object.keys(mistakes).filter((phrase) => !phrase.startsWith('without'))

export const applications: Readonly<Record<string, ToTrust>> = {
  'to the trust community': (to) => apply(to),
  ...each(applicationMistakes, 'with an application ', (mistake) => (to: Actor) => apply(to, mistake)),
  ...each(wrongCertificates, 'with a certificate ', (mistake) => (to: Actor) => apply(to, mistake)),
}

export const publications: Readonly<Record<string, ToTrust>> = {
  'its endpoint bundle': (to, proposal) => publish(to, proposal),
  'a new address': (to, proposal) => publish(to, { ...proposal, manner: 'with a new address' }),
  'another certificate than its server shows': (to, proposal) =>
    publish(to, { ...proposal, manner: 'with another certificate' }),
  ...each(
    bundleMistakes,
    'a bundle ',
    (manner) => (to: Actor, proposal: Proposal) => publish(to, { ...proposal, manner }),
  ),
}

export const documents: Readonly<Record<string, ToTrust>> = {
  'the certificates of the community': (to) => readSigningCertificate(to),
  'the revocation list': (to) => readRevocationList(to),
  'the repository': (to) => refreshRepository(to),
}

export const connections: Readonly<Record<string, ToPayer>> = {
  'with its own certificate': (payer) => handshake(payer),
  'without a certificate': (payer, to) => handshakeWith(payer, 'without a certificate', to),
  'without being a member': (payer) => handshake(payer, 'who is no member'),
  'without having published': (payer) => handshake(payer, 'who is endorsed and has not published'),
  'after it was removed': (payer) => handshake(payer, 'who was removed from the community'),
  'where the repository says': (payer) => handshakeByDirectory(payer),
  'by TLS 1.0': (payer) => handshakeIn(payer, 'TLSv1'),
  'by TLS 1.1': (payer) => handshakeIn(payer, 'TLSv1.1'),
  'by TLS 1.2': (payer) => handshakeIn(payer, 'TLSv1.2'),
  'by TLS 1.3': (payer) => handshakeIn(payer, 'TLSv1.3'),
  ...each(
    wrongCertificates,
    'with a certificate ',
    (mistake) => (payer: Actor, to: Actor) => handshakeWith(payer, mistake, to),
  ),
}

/** What follows "the trust manager". */
export const duties: Readonly<Record<string, readonly Check[]>> = {
  'signs with a certificate of the authority': [trust.managerHasCertificate],
  'takes in complete applications alone': [trust.submissionIsComplete],
  'has verified the certificate': [trust.identityIsVerified, community.verifiesIdentity],
  'has verified the agreement': [trust.agreementIsVerified, community.verifiesAgreement],
  'has endorsed the key of the payer': [trust.certificateIsSigned, trust.certificatesAreReturned, community.endorses],
  'merges good bundles and no others': [trust.reviewedAndMerged, community.reviews],
  'keeps main for reviewed bundles': [trust.publishedOnBranch],
  'has ended the membership': [community.revokes],
}

/** What follows "the published bundle". */
export const qualities: Readonly<Record<string, readonly Check[]>> = {
  'is complete': [
    bundle.bundleIsCollection,
    bundle.bundleIsDated,
    bundle.bundleHoldsEndpoint,
    publishedBundle.bundleIsPublished,
    publishedBundle.twoOrganizations,
    publishedBundle.bundleHasTypeTimeSignature,
  ],
  'is signed by a member': [bundle.bundleIsSigned, publishedBundle.bundleIsSigned],
  'says how to connect': [
    endpoint.endpointIsUsable,
    endpoint.endpointShowsCertificate,
    endpoint.endpointArtifacts,
    endpoint.endpointRegistration,
    endpoint.endpointAccessControl,
    endpoint.endpointUseCase,
    endpoint.endpointGuide,
    publishedBundle.endpointHasSignedObject,
    publishedBundle.endpointIsActiveFhir,
    publishedBundle.extensionsAreComplete,
  ],
  'names its servers': [endpoint.endpointNamesServers, publishedBundle.serversAreNamed],
  'says who is responsible': [
    endpoint.endpointIsManaged,
    bundle.organizationsHaveUrls,
    publishedBundle.organizationsByUrl,
    publishedBundle.statusAndHours,
  ],
  'carries its endorsement': [
    endpoint.endpointTrustFramework,
    bundle.frameworkKeyIsPublished,
    bundle.endorsementIsPublished,
    publishedBundle.frameworkKey,
  ],
  'meets the profiles of its entries': [entriesMeetTheirProfiles],
}

/** What follows "mutual TLS". */
export const effects: Readonly<Record<string, readonly Check[]>> = {
  'is for members alone': [tls.mutualTlsComesFirst, tls.callersAreLookedUp],
  'is by current TLS alone': [security.speaksCurrentTls],
  'is not for self-signed certificates': [security.refusesSelfSignedCertificates, auth.refusesSelfSignedClients],
  'names the requesting payer by URI': [security.clientsAreNamedByUri],
  'is declared': [security.bindsTokens, security.authenticatesByTls],
  'guards registration': [tls.registrationNeedsMutualTls, registration.registrationNeedsMutualTls],
  'leads to the SMART endpoints': [discovery.metadataPointsToSmart, registration.metadataNamesSmart],
  'identifies the client': [auth.sendsClientId, auth.refusesAnothersCertificate],
  'is registered by one name': [auth.registersOneName],
  'binds tokens to certificates': [auth.bindsTokensToCertificates, auth.refusesStolenTokens],
  'shows in what is told of a token': [auth.bindsTokensToCertificates],
}

/** What follows "the members". */
export const habits: Readonly<Record<string, readonly Check[]>> = {
  'go where the repository says': [trust.membersRefresh, community.refreshes],
  'hang up on a server that shows another certificate': [tls.serversAreLookedUp],
}
