/** What HRex says of matches and of Provenance, broken in one part of a request or by one agent of several. */
import type { Extension, Parameters } from 'fhir/r4.js'
import { outcome } from '../simulator.ts'
import { underHrex } from './details.ts'
import type { Fault } from './fault.ts'
import { askedIn, misanswer as matched, fault as matchFault, partOf } from './match-spoiling.ts'
import { every } from './retrieval-payload.ts'
import { fault } from './spoiling.ts'

/** Refuses an extension that it does not know in that part of the request. */
const refusing = (name: string) =>
  matched(async (answer, request) => {
    const body = await askedIn(request)
    const given = body && partOf<{ extension?: Extension[] }>(body as Parameters, name)
    return given?.extension?.some(({ url }) => !/^http:\/\/hl7\.org\//.test(url))
      ? outcome(422, 'extension', 'there is an extension that is not known')
      : answer
  })

type Agent = { type?: unknown; who?: { reference?: string }; onBehalfOf?: unknown }
const agentsOf = (resource: Record<string, unknown>): Agent[] => (resource.agent ?? []) as Agent[]

export const subtleActorFaults: readonly Fault[] = [
  fault(
    'locations-are-nameless',
    'The places that records refer to have no name',
    'all',
    ['HREX-038', 'PDEX-050'],
    every('Location', (resource) => {
      delete resource.name
    }),
  ),
  matchFault(
    'extensions-of-a-card-are-refused',
    'An extension of the card that is not known is a reason to refuse',
    ['HREX-037'],
    refusing('CoverageToMatch'),
  ),
  matchFault(
    'extensions-of-a-consent-are-refused',
    'An extension of the consent that is not known is a reason to refuse',
    ['HREX-037'],
    refusing('Consent'),
  ),
  matchFault(
    'two-member-ids',
    'The answer names two Patients',
    ['HREX-008', 'HREX-020'],
    matched(async (answer) => {
      if (answer.status !== 200) return answer
      const body = (await answer.json()) as Parameters
      const id = body.parameter?.find(({ name }) => name === 'MemberId')
      if (id) body.parameter?.push({ ...id, valueReference: { reference: 'Patient/merged-into' } })
      return new Response(JSON.stringify(body), { status: 200, headers: answer.headers })
    }),
  ),
  fault(
    'provenance-names-the-last-by-identifier',
    'A Provenance under the profile of HRex names the last of its targets by identifier alone',
    'all',
    ['HREX-030'],
    underHrex((targets) => [...targets, { identifier: { system: 'urn:ours', value: 'one more' } }]),
  ),
  fault(
    'devices-transmit',
    'Provenance names a device as who transmitted, and nobody behind it',
    'all',
    ['HREX-064', 'PDEX-476'],
    every('Provenance', (resource) => {
      for (const agent of agentsOf(resource))
        if (JSON.stringify(agent.type ?? '').includes('transmitter')) agent.who = { reference: 'Device/gateway' }
    }),
  ),
  fault(
    'organizations-act-for-themselves',
    'Provenance says that an organization acts on its own behalf',
    'all',
    ['HREX-065'],
    every('Provenance', (resource) => {
      for (const agent of agentsOf(resource))
        if (agent.who?.reference?.startsWith('Organization/')) agent.onBehalfOf = { reference: agent.who.reference }
    }),
  ),
]
