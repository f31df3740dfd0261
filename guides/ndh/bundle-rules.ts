/** What holds for a published bundle and its Organizations: one rule each, for the checks of NDH and of PDex. */
import type { Extension } from 'fhir/r4.js'
import { undecided } from '../../harness/check.ts'
import { extensionsOf, mtlsExtensions } from '../../harness/endpoint-bundle.ts'
import type { Finding } from '../../harness/verdict.ts'
import { objectsIn } from '../core/received.ts'
import { type Rule, unless } from './published.ts'

export const isCollection: Rule = (p) =>
  unless(p.bundle.type === 'collection', p, 'wrong-type', 'the bundle is no collection', {
    expected: 'collection',
    actual: p.bundle.type,
    expression: 'Bundle.type',
  })

export const hasTimestampAndSignature: Rule = (p) => [
  ...unless(Boolean(p.bundle.type), p, 'missing-element', 'the bundle has no type', { expression: 'Bundle.type' }),
  ...unless(Boolean(p.bundle.timestamp), p, 'missing-element', 'the bundle has no timestamp', {
    expression: 'Bundle.timestamp',
  }),
  ...unless(Boolean(p.bundle.signature), p, 'missing-element', 'the bundle has no signature', {
    expression: 'Bundle.signature',
  }),
]

export const holdsEndpointAndOrganizations: Rule = (p) => [
  ...unless(p.read.endpoints.length === 1, p, 'wrong-count', 'the bundle does not hold exactly one Endpoint', {
    expected: 1,
    actual: p.read.endpoints.length,
    expression: 'Bundle.entry.resource.ofType(Endpoint)',
  }),
  ...unless(p.read.organizations.length >= 1, p, 'wrong-count', 'the bundle holds no Organization', {
    expected: 2,
    actual: p.read.organizations.length,
    expression: 'Bundle.entry.resource.ofType(Organization)',
  }),
]

export const holdsTwoOrganizations: Rule = (p) =>
  unless(
    p.read.organizations.length === 2,
    p,
    'wrong-count',
    'the bundle does not hold two Organizations, the plan and who runs the endpoint',
    { expected: 2, actual: p.read.organizations.length, expression: 'Bundle.entry.resource.ofType(Organization)' },
  )

export const organizationsAreReachable: Rule = (p) => {
  if (p.read.organizations.length === 0) return [undecided(p.exchange, 'the bundle has no Organization')]
  return p.read.organizations.flatMap((organization, i) => {
    const at = `Bundle.entry.resource.ofType(Organization)[${i}]`
    const telecom = objectsIn(organization.telecom)
    return [
      ...unless(
        typeof organization.active === 'boolean',
        p,
        'missing-element',
        'the Organization does not say whether it is active',
        { expression: `${at}.active` },
      ),
      ...unless(Boolean(organization.name), p, 'missing-element', 'the Organization has no name', {
        expression: `${at}.name`,
      }),
      ...unless(telecom.length > 0, p, 'missing-element', 'the Organization has no telecom', {
        expression: `${at}.telecom`,
      }),
      ...unless(
        telecom.every(({ system }) => system === 'url'),
        p,
        'wrong-code',
        'a telecom of the Organization is no url',
        {
          expected: 'url',
          actual: telecom.map(({ system }) => system),
          expression: `${at}.telecom.system`,
        },
      ),
      ...unless(
        objectsIn(organization.endpoint).length <= 1,
        p,
        'wrong-count',
        'the Organization has more than one endpoint',
        {
          actual: objectsIn(organization.endpoint).length,
          expression: `${at}.endpoint`,
        },
      ),
    ]
  })
}

const identifierStatus = [
  'active',
  'inactive',
  'issued-in-error',
  'revoked',
  'pending',
  'unknown',
  'expired',
  'provisional',
]
const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Status of identifiers and hours of contacts, wherever they are used. */
export const statusAndHoursAreCoded: Rule = (p) => {
  const found: Finding[] = []
  let seen = 0
  const visit = (element: unknown, at: string): void => {
    if (typeof element !== 'object' || element === null) return
    const { url } = element as Extension
    if (url === mtlsExtensions.identifierStatus) {
      seen++
      const { valueCode } = element as Extension
      found.push(
        ...unless(
          identifierStatus.includes(valueCode ?? ''),
          p,
          'wrong-code',
          'the identifier status is none of the codes of NDH',
          {
            expected: identifierStatus,
            actual: valueCode,
            expression: at,
          },
        ),
      )
    }
    if (url === mtlsExtensions.availableTime) {
      seen++
      const wrong = extensionsOf(element as Extension, 'daysOfWeek').filter(
        ({ valueCode }) => !days.includes(valueCode ?? ''),
      )
      found.push(
        ...unless(wrong.length === 0, p, 'wrong-code', 'a day of the available time is no day of the week', {
          expected: days,
          actual: wrong.map(({ valueCode }) => valueCode),
          expression: at,
        }),
      )
    }
    for (const [name, value] of Object.entries(element))
      visit(value, Array.isArray(element) ? `${at}[${name}]` : `${at}.${name}`)
  }
  visit(p.bundle.entry, 'Bundle.entry')
  return seen === 0 ? [undecided(p.exchange, 'no identifier status and no available time is used')] : found
}
