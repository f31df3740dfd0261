/** Ways to let a client see what it may not see of its own member: the filter is there, but not everywhere. */
import { outcome } from '../simulator.ts'
import type { Fault } from './fault.ts'
import {
  addEntries,
  bent,
  fault,
  misanswer,
  ofEverything,
  permitted,
  rebundled,
  recordsOf,
  type Spoil,
  strayEntry,
  unrestricted,
  within,
} from './spoiling.ts'

/** Both leaks at once. */
const both =
  (outer: Spoil, inner: Spoil): Spoil =>
  (honest, state) =>
    outer(inner(honest, state), state)

const ofExport = /\/(\$export|_export\/.*)$/

export const unsoundRights: readonly Fault[] = [
  fault(
    'everything-forgets-permissions',
    'What a client may not see is left out of searches, but not of $everything',
    'all',
    ['PDEX-129', 'PDEX-137'],
    within(ofEverything, permitted),
  ),
  fault(
    'everything-forgets-consent',
    'A consent for non-sensitive data holds for searches, but not for $everything',
    'all',
    ['PDEX-129', 'PDEX-137'],
    within(ofEverything, unrestricted),
  ),
  fault(
    'second-page-of-everything-forgets-permissions',
    'The first page of $everything is filtered, the next one is not',
    'everythingPage',
    ['PDEX-129', 'PDEX-137'],
    rebundled((bundle, { state, visit }) => {
      const claims = recordsOf(state, visit.grant?.patientId, 'ExplanationOfBenefit')
      if (visit.grant && !visit.grant.permissions.claims)
        addEntries(
          bundle,
          claims.map((claim) => strayEntry(state, claim)),
        )
    }),
  ),
  fault(
    'export-forgets-permissions',
    'What a client may not see is left out of searches, but not of an export',
    'all',
    ['PDEX-136', 'PDEX-137', 'BULK-005'],
    within(ofExport, permitted),
  ),
  fault(
    'export-forgets-consent',
    'A consent for non-sensitive data holds for searches, but not for an export',
    'all',
    ['PDEX-136', 'PDEX-137'],
    within(ofExport, unrestricted),
  ),
  fault(
    'permissions-of-one-hold-for-all',
    'What one client may not see is shown to none',
    'all',
    ['PDEX-137'],
    bent((grant, { state }) => {
      const others = [...state.clients].map(({ organization }) => state.clients.permissionsOf(organization))
      const rights = [grant.permissions, ...others]
      return {
        ...grant,
        permissions: {
          claims: rights.every(({ claims }) => claims),
          priorAuthorizations: rights.every(({ priorAuthorizations }) => priorAuthorizations),
        },
      }
    }),
  ),
  fault(
    'search-forgets-permissions',
    'A search shows claims to a client that may not see them',
    'search',
    ['PDEX-137'],
    permitted,
  ),
  fault(
    'second-page-forgets-the-filter',
    'The first page of a search is filtered, the next one is not',
    'page',
    ['PDEX-137'],
    both(
      permitted,
      rebundled((bundle, { state, visit }) => {
        const type = visit.params.type ?? ''
        addEntries(
          bundle,
          recordsOf(state, visit.grant?.patientId, type)
            .filter((r) => r.meta?.security)
            .map((r) => strayEntry(state, r)),
        )
      }),
    ),
  ),
  fault(
    'read-forgets-permissions',
    'A claim that a search leaves out can be read by its id',
    'read',
    ['PDEX-137'],
    permitted,
  ),
  fault(
    'read-forgets-consent',
    'A sensitive record that a search leaves out can be read by its id',
    'read',
    ['PDEX-137'],
    unrestricted,
  ),
  fault(
    'vread-forgets-the-filter',
    'A record that a read refuses can be read by its version',
    'vread',
    ['PDEX-137'],
    both(permitted, unrestricted),
  ),
  fault(
    'history-forgets-the-filter',
    'A record that a read refuses shows its history',
    'history',
    ['PDEX-137'],
    both(permitted, unrestricted),
  ),
  fault(
    'sensitive-documents-are-open',
    'A sensitive document is left out, its content is not',
    'binary',
    ['PDEX-137'],
    unrestricted,
  ),
  fault(
    'trail-of-what-is-hidden',
    '$everything leaves a hidden claim out, but not the Provenance about it',
    'everything',
    ['PDEX-137'],
    rebundled((bundle, { state, visit }) => {
      const about = recordsOf(state, visit.grant?.patientId, 'Provenance').filter(
        (p) =>
          p.resourceType === 'Provenance' &&
          p.target.every(({ reference }) => reference?.startsWith('ExplanationOfBenefit/')),
      )
      addEntries(
        bundle,
        about.map((resource) => strayEntry(state, resource)),
      )
    }),
  ),
  fault(
    'permissions-are-one-switch',
    'Whoever may see prior authorizations may see claims',
    'search',
    ['PDEX-137'],
    bent((grant) => ({
      ...grant,
      permissions: { ...grant.permissions, claims: grant.permissions.claims || grant.permissions.priorAuthorizations },
    })),
  ),
  fault(
    'documents-lead-nowhere',
    'Documents are listed, and their content is not there',
    'binary',
    ['PDEX-030', 'BULK-091'],
    misanswer((answer) => (answer.status === 200 ? outcome(404, 'not-found', 'there is no such Binary') : answer)),
  ),
]
