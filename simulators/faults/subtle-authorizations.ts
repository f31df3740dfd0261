/** Prior authorizations that nearly are right: one adjudication, one reason, one reference (SD pdex-priorauthorization). */
import type { Fault } from './fault.ts'
import { every, nodesWith, type Plain, reworded } from './retrieval-payload.ts'
import { fault, ofEverything, rebundled, type Spoil, within, without } from './spoiling.ts'

const authorizations = (change: (resource: Plain) => void): Spoil =>
  every('ExplanationOfBenefit', (resource) => {
    if (resource.use === 'preauthorization') change(resource)
  })
const items = (resource: Plain) => (resource.item ?? []) as Record<string, unknown>[]
const worded = (change: (text: string) => string): Spoil => authorizations((resource) => reworded(resource, change))
const first = <T>(list: unknown): T | undefined => (list as T[] | undefined)?.[0]

export const subtleAuthorizationFaults: readonly Fault[] = [
  fault(
    'units-have-no-number',
    'Units are adjudicated without a number',
    'all',
    ['PDEX-466'],
    authorizations((resource) => {
      for (const item of items(resource))
        for (const one of (item.adjudication ?? []) as Record<string, unknown>[]) delete one.value
    }),
  ),
  fault(
    'units-are-counted-in-the-header',
    'Units are adjudicated in the header',
    'all',
    ['PDEX-466'],
    authorizations((resource) => {
      const units = first<object>(first<Record<string, unknown>>(resource.item)?.adjudication)
      if (units && !JSON.stringify(units).includes('denialreason')) resource.adjudication = [units]
    }),
  ),
  fault(
    'denials-have-no-reason',
    'A denial says in its header that there is a reason, and not which',
    'all',
    ['PDEX-466'],
    authorizations((resource) => {
      for (const one of (resource.adjudication ?? []) as Record<string, unknown>[]) delete one.reason
    }),
  ),
  fault(
    'headers-deny-in-codes-of-the-house',
    'The reason in the header of a denial is a code of the house',
    'all',
    ['PDEX-467'],
    authorizations((resource) =>
      nodesWith(resource.adjudication, 'reason', (node) => {
        node.reason = { coding: [{ system: 'https://house.example/denials', code: '50' }] }
      }),
    ),
  ),
  fault(
    'items-are-unknown',
    'An item says that its procedure is unknown',
    'all',
    ['PDEX-468'],
    authorizations((resource) => {
      for (const item of items(resource))
        item.productOrService = {
          coding: [{ system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code: 'unknown' }],
        }
    }),
  ),
  fault(
    'service-types-by-http',
    'The system of a service type begins with http',
    'all',
    ['PDEX-469'],
    worded((text) =>
      text.replaceAll('https://x12.org/codes/service-type-codes', 'http://x12.org/codes/service-type-codes'),
    ),
  ),
  fault(
    'authorizations-hold-twice',
    'An authorization has two periods',
    'all',
    ['PDEX-470'],
    authorizations((resource) => {
      resource.preAuthRefPeriod = [{ start: '2025-01-01' }, { start: '2025-06-01' }]
    }),
  ),
  fault(
    'authorizations-are-covered-by-nothing',
    'The Coverage of an authorization is nowhere',
    'all',
    ['PDEX-470'],
    authorizations((resource) => {
      nodesWith(resource.insurance, 'coverage', (node) => {
        node.coverage = { reference: 'Coverage/no-such-coverage' }
      })
    }),
  ),
  fault(
    'coverages-name-no-number',
    'The Coverage of an authorization names neither relationship nor member',
    'all',
    ['PDEX-470'],
    every('Coverage', (resource) => {
      delete resource.relationship
      delete resource.subscriberId
      delete resource.identifier
    }),
  ),
  fault(
    'insurers-are-people',
    'The insurer of an authorization is a practitioner',
    'all',
    ['PDEX-470'],
    authorizations((resource) => {
      resource.insurer = { reference: 'Practitioner/somebody' }
    }),
  ),
  fault(
    'coverages-are-paid-by-nobody',
    'The Coverage of an authorization has no payor',
    'all',
    ['PDEX-470'],
    every('Coverage', (resource) => {
      delete resource.payor
    }),
  ),
  fault(
    'review-actions-are-words',
    'A review action is a text',
    'all',
    ['PDEX-471'],
    authorizations((resource) =>
      nodesWith(resource, 'url', (node) => {
        if (!String(node.url).endsWith('/extension-reviewAction')) return
        delete node.extension
        node.valueString = 'A1'
      }),
    ),
  ),
  fault(
    'review-actions-of-another-table',
    'A review action has a code of X12 886',
    'all',
    ['PDEX-471'],
    worded((text) => text.replaceAll('005010/306', '005010/886')),
  ),
  fault(
    'review-numbers-are-numbers',
    'The number of a review is an integer',
    'all',
    ['PDEX-471'],
    authorizations((resource) =>
      nodesWith(resource, 'url', (node) => {
        if (node.url !== 'number') return
        delete node.valueString
        node.valueInteger = 318
      }),
    ),
  ),
  fault(
    'everything-drops-one-claim',
    '$everything leaves out the claim that came last',
    'all',
    ['PDEX-132', 'PDEX-130'],
    within(
      ofEverything,
      rebundled((bundle) => {
        const last = (bundle.entry ?? []).findLast(
          ({ resource }) => resource?.resourceType === 'ExplanationOfBenefit' && resource.use === 'claim',
        )
        without(bundle, (resource) => resource === last?.resource)
      }),
    ),
  ),
]
