/** The bundle that a payer publishes for mTLS discovery, as PDex wants it (PDex mtls-bundle, mtls-endpoint). */
import { type Check, check } from '../../../harness/check.ts'
import type { Verb } from '../../../harness/verdict.ts'
import {
  hasTimestampAndSignature,
  holdsEndpointAndOrganizations,
  holdsTwoOrganizations,
  organizationsAreReachable,
  statusAndHoursAreCoded,
} from '../../ndh/bundle-rules.ts'
import { carriesItsCertificate, endpointIsActive, endpointSpeaksFhir } from '../../ndh/endpoint-rules.ts'
import { complexExtensionsAreComplete, namesItsServers } from '../../ndh/extension-rules.ts'
import { eachPublished, type Rule } from '../../ndh/published.ts'
import { carriesTheFrameworkKey, isSigned, publishesItsEndorsement } from '../../ndh/trust-rules.ts'

const published = (requirement: string, verb: Verb, title: string, ...rules: Rule[]): Check =>
  check(requirement, verb, title, (transcript, scene) =>
    eachPublished(transcript, scene, (one) => rules.flatMap((rule) => rule(one))),
  )
export const bundleIsPublished = published(
  'PDEX-087',
  'DESC',
  'The signed certificate is published in an Endpoint, in one bundle with its Organizations',
  holdsEndpointAndOrganizations,
  publishesItsEndorsement,
)
export const twoOrganizations = published(
  'PDEX-088',
  'SHOULD',
  'Plan and managing organization are two Organizations, even when they are the same',
  holdsTwoOrganizations,
)
export const frameworkKey = published(
  'PDEX-089',
  'SHOULD',
  "The Endpoint carries the trust framework's public key",
  carriesTheFrameworkKey,
)

export const bundleIsSigned = published(
  'PDEX-093',
  'DESC',
  'The bundle is signed by a key with an authority behind it',
  isSigned,
)
export const serversAreNamed = published(
  'PDEX-094',
  'DESC',
  'associatedServers gives the FHIR base and the registration endpoint',
  namesItsServers,
)

export const bundleHasTypeTimeSignature = published(
  'PDEX-478',
  'SHALL',
  'The mTLS bundle has type, timestamp and signature',
  hasTimestampAndSignature,
)
export const endpointHasSignedObject = published(
  'PDEX-479',
  'SHALL',
  'The mTLS endpoint has a signed object that can be read',
  carriesItsCertificate,
)
export const endpointIsActiveFhir = published(
  'PDEX-480',
  'SHALL',
  'The mTLS endpoint is active, complete and speaks FHIR',
  endpointIsActive,
  endpointSpeaksFhir,
)
export const organizationsByUrl = published(
  'PDEX-481',
  'SHALL',
  'The mTLS organizations are reachable by URL and have at most one endpoint',
  organizationsAreReachable,
)
export const extensionsAreComplete = published(
  'PDEX-482',
  'SHALL',
  'The complex extensions hold their required part',
  complexExtensionsAreComplete,
)
export const statusAndHours = published(
  'PDEX-483',
  'SHALL',
  'Identifier status and available days are of their value sets',
  statusAndHoursAreCoded,
)

export const publishedBundleChecks: readonly Check[] = [
  bundleIsPublished,
  twoOrganizations,
  frameworkKey,
  bundleIsSigned,
  serversAreNamed,
  bundleHasTypeTimeSignature,
  endpointHasSignedObject,
  endpointIsActiveFhir,
  organizationsByUrl,
  extensionsAreComplete,
  statusAndHours,
]
