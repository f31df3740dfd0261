/** The published endpoint bundle as a whole: type, signature, entries, endorsement (PDex mtls-bundle). */
import { type Check, check } from '../../../harness/check.ts'
import type { Verb } from '../../../harness/verdict.ts'
import {
  hasTimestampAndSignature,
  holdsEndpointAndOrganizations,
  isCollection,
  organizationsAreReachable,
} from '../bundle-rules.ts'
import { eachPublished, type Rule } from '../published.ts'
import { carriesItsEndorsement, carriesTheFrameworkKey, isSigned } from '../trust-rules.ts'

const published = (requirement: string, verb: Verb, title: string, rule: Rule): Check =>
  check(requirement, verb, title, (transcript, scene) => eachPublished(transcript, scene, rule))

export const bundleIsCollection = published('NDH-001', 'IMPLIED', 'A published bundle is a collection', isCollection)
export const bundleIsDated = published(
  'NDH-002',
  'SHALL',
  'A published bundle has a timestamp and a signature',
  hasTimestampAndSignature,
)
export const bundleHoldsEndpoint = published(
  'NDH-003',
  'IMPLIED',
  'A published bundle holds one Endpoint and Organizations',
  holdsEndpointAndOrganizations,
)
export const bundleIsSigned = published(
  'NDH-004',
  'IMPLIED',
  'The signature of a published bundle holds and leads to the authority of the community',
  isSigned,
)
export const organizationsHaveUrls = published(
  'NDH-015',
  'SHALL',
  'The Organizations of a published bundle are active, named and reachable by URL',
  organizationsAreReachable,
)
export const frameworkKeyIsPublished = published(
  'NDH-016',
  'SHOULD',
  'A published Endpoint carries the key of the trust framework',
  carriesTheFrameworkKey,
)
export const endorsementIsPublished = published(
  'NDH-028',
  'IMPLIED',
  'The signed artifact of a published Endpoint verifies with the key of the trust framework',
  carriesItsEndorsement,
)

export const bundleChecks: readonly Check[] = [
  bundleIsCollection,
  bundleIsDated,
  bundleHoldsEndpoint,
  bundleIsSigned,
  organizationsHaveUrls,
  frameworkKeyIsPublished,
  endorsementIsPublished,
]
export const bundleUntested: Readonly<Record<string, string>> = {}
