/** The members whom a plan names: loaded from a bundle, mapped by hand, or discovered in the system's own test data. */
import type { Bundle, Coverage, FhirResource, Parameters, Patient } from 'fhir/r4.js'
import { HarnessError } from '../../harness/errors.ts'
import type { Person } from '../../harness/person.ts'
import type { Wire } from '../../harness/wire.ts'

/** What a plan says of one member; the files are read already. */
export interface Holding {
  readonly bundle?: unknown
  readonly submitted?: unknown
  readonly patient?: string
  readonly member?: { readonly system: string; readonly value: string }
  readonly discover?: { readonly fhir: string; readonly patient: string }
}

/** What of a person is known without asking the system. Throws `bad-plan` with the name and the remedy. */
export function personFrom(name: string, holding: Holding, linkTo: Coverage): Person {
  const record = holding.bundle === undefined ? undefined : resourcesOf(name, holding.bundle)
  const parts = holding.submitted === undefined ? {} : submittedOf(name, holding.submitted)
  const held = record?.find((r): r is Patient => r.resourceType === 'Patient')
  const patient = parts.patient ?? (held && submittedPatient(held))
  const coverage = parts.coverageToMatch ?? record?.find((r): r is Coverage => r.resourceType === 'Coverage')
  if (!patient)
    throw badPerson(name, 'there is no Patient in what the plan gives', 'add a Patient to the bundle or to submitted')
  if (!coverage)
    throw badPerson(name, 'there is no Coverage in what the plan gives', 'add the card to the bundle or to submitted')
  const patientId = holding.patient ?? held?.id
  const umb = holding.member ?? umbOf(held)
  const told = gaveOwnIds(holding) ? undefined : record
  return {
    name,
    part: 'named by the plan',
    submitted: {
      patient: { ...patient, id: '1' },
      coverageToMatch: { ...coverage, id: 'coverage-to-match', beneficiary: { reference: 'Patient/1' } },
      coverageToLink: parts.coverageToLink ?? linkTo,
    },
    ...(patientId ? { patientId } : {}),
    ...(umb ? { memberIdentifier: umb } : {}),
    ...(told ? { record: told, sensitive: told.filter(isSensitive).map((r) => `${r.resourceType}/${r.id}`) } : {}),
  }
}

/**
 * Does the plan name another Patient than its bundle has? Then the system gave ids of its own when the bundle was loaded: what
 * the bundle says is known, and under which ids it stands is not.
 */
function gaveOwnIds({ bundle, patient }: Holding): boolean {
  const held = ((bundle as Bundle | undefined)?.entry ?? []).find((e) => e.resource?.resourceType === 'Patient')
  const id = held?.resource?.id
  return patient !== undefined && id !== undefined && id !== patient
}

/** Reads Patient and Coverage from a FHIR base that needs no token. Throws `cannot-reach` or `bad-plan`. */
export async function discoverPerson(
  name: string,
  { fhir, patient }: NonNullable<Holding['discover']>,
  wire: Wire,
  ca: readonly string[] | undefined,
): Promise<Holding> {
  const get = async (path: string): Promise<unknown> => {
    const heard = await wire.send({
      method: 'GET',
      url: `${fhir}/${path}`,
      headers: [['Accept', 'application/fhir+json']],
      ...(ca ? { ca } : {}),
    })
    if (heard.response?.status !== 200)
      throw new HarnessError(
        'cannot-reach',
        `${name} cannot be discovered: GET ${fhir}/${path} gives ${heard.response?.status ?? heard.failure?.message}`,
        { remedy: 'discover needs a FHIR base that answers without a token; else use bundle or submitted' },
      )
    return JSON.parse(heard.response.body)
  }
  const found = (await get(`Patient/${encodeURIComponent(patient)}`)) as FhirResource
  const covers = (await get(`Coverage?beneficiary=Patient/${encodeURIComponent(patient)}`)) as Bundle
  const coverages = (covers.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : []))
  return {
    submitted: {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [found, ...coverages].map((resource) => ({ resource })),
    },
    patient,
  }
}

function resourcesOf(name: string, json: unknown): FhirResource[] {
  const bundle = json as Bundle
  if (bundle?.resourceType !== 'Bundle')
    throw badPerson(name, 'the file is no Bundle', 'export the record as a FHIR Bundle')
  return (bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource as FhirResource] : []))
}

/** Parameters of $member-match, or a Bundle with a Patient and its coverages (the first is the one to match). */
function submittedOf(
  name: string,
  json: unknown,
): { patient?: Patient; coverageToMatch?: Coverage; coverageToLink?: Coverage } {
  const parameters = json as Parameters
  if (parameters?.resourceType !== 'Parameters') {
    const resources = resourcesOf(name, json)
    const patient = resources.find((r): r is Patient => r.resourceType === 'Patient')
    const [coverageToMatch, coverageToLink] = resources.filter((r): r is Coverage => r.resourceType === 'Coverage')
    return {
      ...(patient ? { patient: submittedPatient(patient) } : {}),
      ...(coverageToMatch ? { coverageToMatch } : {}),
      ...(coverageToLink ? { coverageToLink } : {}),
    }
  }
  const part = (wanted: string): FhirResource | undefined =>
    parameters.parameter?.find((p) => p.name === wanted)?.resource as FhirResource | undefined
  const patient = part('MemberPatient') as Patient | undefined
  const coverageToMatch = part('CoverageToMatch') as Coverage | undefined
  const coverageToLink = part('CoverageToLink') as Coverage | undefined
  return {
    ...(patient ? { patient } : {}),
    ...(coverageToMatch ? { coverageToMatch } : {}),
    ...(coverageToLink ? { coverageToLink } : {}),
  }
}

/** The demographics that a stranger to the system would know: no identifiers and no references of the system. */
const submittedPatient = ({ name, gender, birthDate, address, telecom, extension }: Patient): Patient => ({
  resourceType: 'Patient',
  id: '1',
  ...(extension?.some((e) => e.url.endsWith('/us-core-birthsex'))
    ? { extension: extension.filter((e) => e.url.endsWith('/us-core-birthsex')) }
    : {}),
  ...(name ? { name } : {}),
  ...(telecom ? { telecom } : {}),
  ...(gender ? { gender } : {}),
  ...(birthDate ? { birthDate } : {}),
  ...(address ? { address } : {}),
})

const umbOf = (patient: Patient | undefined): Person['memberIdentifier'] => {
  const found = patient?.identifier?.find((identifier) => identifier.type?.coding?.some(({ code }) => code === 'UMB'))
  return found?.system && found.value ? { system: found.system, value: found.value } : undefined
}

const isSensitive = (resource: FhirResource): boolean =>
  resource.meta?.security?.some(({ code }) => code === 'R' || code === 'V') ?? false

const badPerson = (name: string, what: string, remedy: string): HarnessError =>
  new HarnessError('bad-plan', `people.${name}: ${what}`, { remedy })
