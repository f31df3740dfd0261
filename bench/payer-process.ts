/** The simulated payer in a process of its own, for the benchmarks: one tenant, many members or one very large record. */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Observation, Patient } from 'fhir/r4.js'
import { editionSets } from '../guides/editions.ts'
import { systemClock } from '../harness/clock.ts'
import { fetchTrusting } from '../harness/fetch.ts'
import type { Person } from '../harness/person.ts'
import type { Credentials } from '../harness/wire.ts'
import { applyFixture } from '../simulators/fixtures/apply.ts'
import { cast, population } from '../simulators/fixtures/people.ts'
import { startPayerHosts } from '../simulators/payer-hosts.ts'
import { openCommunity } from '../steps/stages/community.ts'

/** What the parent asks for on the command line. */
interface Wanted {
  readonly certs: string
  readonly members: number
  readonly resources: number
}

/** Stands it up, tells the parent where it is, and answers its questions until it is gone. */
export async function main(): Promise<void> {
  const wanted = JSON.parse(process.argv[2] ?? '{}') as Wanted
  const editions = editionSets[0] ?? {}
  const community = await openCommunity({ certs: wanted.certs })
  const { identities, trusted } = community
  const responder = identities['responding payer']
  const hosts = await startPayerHosts({ identity: responder, trusted, fetch: fetchTrusting(trusted), seed: 'bench' })
  const tenant = hosts.open('bench', { clock: systemClock, editions })
  tenant.state.settings.tokenSeconds = 3600
  tenant.state.settings.pageSize = 1000

  const options = {
    editions,
    now: systemClock.now(),
    seed: 'bench',
    responder,
    requester: identities['requesting payer'],
  }
  const people = cast(options)
  const ana = people.find(({ name }) => name === 'Ana Adams') as Person
  const company = { person: () => ana, payer: () => identities['requesting payer'] }
  await applyFixture({ is: 'trusted', payer: 'requesting payer', standing: 'member' }, tenant.state, company)
  await applyFixture({ is: 'insures', person: 'Ana Adams' }, tenant.state, company)
  // The crowd is only there to be searched: their records would be 100,000 times somebody's history.
  for (const { record, ...person } of population({ ...options, count: wanted.members }))
    tenant.state.members.insure({
      ...person,
      record: (record ?? []).filter((r) => r.resourceType === 'Patient' || r.resourceType === 'Coverage'),
    })

  const large: Patient = { resourceType: 'Patient', id: 'large' }
  const observation = (n: number): Observation => ({
    resourceType: 'Observation',
    id: `o${n}`,
    meta: {
      versionId: '1',
      lastUpdated: '2025-06-01T09:00:00.000Z',
      profile: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab'],
    },
    status: 'final',
    category: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: '4548-4' }] },
    subject: { reference: 'Patient/large' },
    effectiveDateTime: '2025-06-01T08:00:00Z',
    valueQuantity: { value: 5 + (n % 50) / 10, unit: '%', system: 'http://unitsofmeasure.org', code: '%' },
    note: [
      { text: `Specimen ${n} of a long series, kept in full so that a line weighs what a laboratory result weighs.` },
    ],
  })
  const { record: _record, ...withoutRecord } = ana
  tenant.state.members.insure({
    ...withoutRecord,
    name: 'Large Record',
    submitted: {
      ...ana.submitted,
      patient: { ...ana.submitted.patient, name: [{ family: 'Record', given: ['Large'] }] },
    },
    patientId: 'large',
    memberIdentifier: { system: 'urn:bench', value: 'large' },
  })
  tenant.state.records.supply('large', {
    *resources(types) {
      if (!types || types.has('Patient')) yield large
      if (!types || types.has('Observation')) for (let n = 0; n < wanted.resources; n++) yield observation(n)
    },
    read: (type, id) =>
      type === 'Patient' && id === 'large'
        ? large
        : type === 'Observation' && id.startsWith('o')
          ? observation(Number(id.slice(1)))
          : undefined,
  })

  // What the same bytes cost when nothing but node:https sends them: the yardstick of the same run.
  const { cert, key } = responder.credentials as Credentials
  const bare = createServer(
    { cert, key, ca: [...trusted], requestCert: true, rejectUnauthorized: true },
    (_request, response) => {
      response.setHeader('content-type', 'application/fhir+ndjson')
      let n = 0
      const write = (): void => {
        while (n < wanted.resources) {
          let piece = ''
          for (let i = 0; i < 200 && n < wanted.resources; i++, n++) piece += `${JSON.stringify(observation(n))}\n`
          if (!response.write(piece)) {
            response.once('drain', write)
            return
          }
        }
        response.end()
      }
      write()
    },
  )
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve))

  let peak = 0
  let spent = process.cpuUsage()
  setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20).unref()
  process.on('message', (asked) => {
    if (asked === 'admit-large') {
      // A match of its own would be one more of what is measured already.
      const receivedAt = systemClock.now()
      for (const { id } of tenant.state.clients)
        tenant.state.consents.store({
          patientId: 'large',
          clientId: id,
          requester: identities['requesting payer'].identifier,
          policy: 'sensitive',
          start: '2020-01-01',
          end: '2099-12-31',
          receivedAt,
        })
      process.send?.({})
    }
    if (asked === 'spent') {
      const { user, system } = process.cpuUsage(spent)
      process.send?.({ peak, cpu: (user + system) / 1e6 })
      peak = process.memoryUsage.rss()
      spent = process.cpuUsage()
    }
  })
  process.send?.({
    places: tenant.places,
    bare: `https://127.0.0.1:${(bare.address() as AddressInfo).port}/`,
    identity: { name: responder.name, uri: responder.uri, identifier: responder.identifier },
    ana,
    requester: identities['requesting payer'],
  })
  process.on('disconnect', () => process.exit(0))
}
