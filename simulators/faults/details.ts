/** Ways to get a detail of the payload wrong that nobody sees at a glance. */
import type { Fault } from './fault.ts'
import { every, nodesWith } from './retrieval-payload.ts'
import { fault, type Spoil } from './spoiling.ts'

const amounts = 'http://hl7.org/fhir/us/davinci-pdex/CodeSystem/PriorAuthorizationValueCodes'
const hrexProvenance = 'http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-provenance'

/** Each Provenance names HRex's profile as well, and its targets otherwise. */
export const underHrex = (aim: (targets: readonly { reference?: string }[]) => readonly object[]): Spoil =>
  every('Provenance', (resource) => {
    const meta = (resource.meta ?? {}) as { profile?: string[] }
    resource.meta = { ...meta, profile: [...(meta.profile ?? []), hrexProvenance] }
    resource.target = aim(resource.target as { reference?: string }[])
  })

export const unsoundDetails: readonly Fault[] = [
  fault(
    'roles-are-of-nobody',
    'A practitioner role says neither whose it is nor where nor how to reach them',
    'all',
    ['PDEX-055'],
    every('PractitionerRole', (resource) => {
      for (const name of ['practitioner', 'organization', 'healthcareService', 'location', 'telecom', 'endpoint'])
        delete resource[name]
    }),
  ),
  fault(
    'totals-are-paid',
    'A prior authorization tells amounts of a kind that nobody knows',
    'all',
    ['PDEX-472'],
    every('ExplanationOfBenefit', (resource) => {
      if (resource.use !== 'preauthorization') return
      const category = { coding: [{ system: amounts, code: 'paid' }] }
      resource.total = [...((resource.total as object[]) ?? []), { category, amount: { value: 20, currency: 'USD' } }]
    }),
  ),
  fault(
    'provenance-names-by-identifier',
    'A Provenance under the profile of HRex names its targets by identifier alone',
    'all',
    ['HREX-030'],
    underHrex((targets) => targets.map(({ reference }) => ({ identifier: { system: 'urn:ours', value: reference } }))),
  ),
  fault(
    'documents-want-another-login',
    'Documents lie with somebody who wants to be asked in another way',
    'all',
    ['PDEX-366'],
    (honest, state) => (request, visit) =>
      visit.url.searchParams.has('document')
        ? new Response('who are you?', { status: 401, headers: { 'www-authenticate': 'Basic realm="documents"' } })
        : every('DocumentReference', (resource) =>
            nodesWith(resource, 'attachment', (node) => {
              const { url } = node.attachment as { url?: string }
              if (url)
                node.attachment = {
                  ...(node.attachment as object),
                  url: `${state.openBase}/fhir/metadata?document=${encodeURIComponent(url)}`,
                }
            }),
          )(honest, state)(request, visit),
  ),
]
