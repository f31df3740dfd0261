/** CapabilityStatements that say the same otherwise, or more (FHIR R4 capabilitystatement). */
import type { CapabilityStatement, CapabilityStatementRest, CapabilityStatementRestResource } from 'fhir/r4.js'
import { always, both, json } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

const near = [
  'CORE-001',
  'CORE-056',
  'PDEX-001',
  'PDEX-002',
  'PDEX-003',
  'PDEX-004',
  'PDEX-327',
  'PDEX-328',
  'PDEX-341',
  'PDEX-344',
  'PDEX-095',
  'BULK-098',
  'PDEX-386',
  'PDEX-400',
  'PDEX-420',
  'PDEX-352',
  'PDEX-439',
  'PDEX-440',
]

const declared = (change: (statement: CapabilityStatement) => CapabilityStatement): Dress =>
  json<CapabilityStatement>('metadata', (body) => (body.resourceType === 'CapabilityStatement' ? change(body) : body))

const types = (change: (type: CapabilityStatementRestResource) => CapabilityStatementRestResource): Dress =>
  declared((statement) => ({
    ...statement,
    rest: (statement.rest ?? []).map((rest) => ({ ...rest, resource: (rest.resource ?? []).map(change) })),
  }))

const part = (rest: CapabilityStatementRest | undefined, fits: (type: string) => boolean): CapabilityStatementRest => ({
  mode: 'server',
  ...rest,
  resource: (rest?.resource ?? []).filter(({ type }) => fits(type)),
})

const versioned = new Set(['vread', 'history-instance'])

export const statementVariants: readonly Variant[] = [
  {
    id: 'statement-of-a-client-first',
    title: 'The statement describes a client before the server',
    source: 'FHIR R4 capabilitystatement: rest 0..*',
    dress: declared((statement) => ({
      ...statement,
      rest: [{ mode: 'client', resource: [{ type: 'Patient' }] }, ...(statement.rest ?? [])],
    })),
    touches: near,
  },
  {
    id: 'statement-in-two-parts',
    title: 'The server is described in two parts',
    source: 'FHIR R4 capabilitystatement: rest 0..*, for different configurations',
    dress: declared((statement) => {
      const [rest] = statement.rest ?? []
      return { ...statement, rest: [part(rest, (type) => type < 'M'), part(rest, (type) => type >= 'M')] }
    }),
    touches: near,
  },
  {
    id: 'statement-says-more',
    title: 'The statement has narrative, contact, documentation and types that nobody asks for',
    source: 'FHIR R4 capabilitystatement',
    dress: declared((statement) => ({
      ...statement,
      url: 'https://old-mill.example/fhir/CapabilityStatement/payer',
      version: '3.4.1',
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>What is offered.</p></div>' },
      contact: [{ telecom: [{ system: 'email', value: 'interop@old-mill.example' }] }],
      date: '2026-01-15',
      implementationGuide: ['http://hl7.org/fhir/us/davinci-pdex/ImplementationGuide/hl7.fhir.us.davinci-pdex'],
      format: ['application/fhir+json', 'json', 'application/fhir+xml'],
      patchFormat: ['application/json-patch+json'],
      rest: (statement.rest ?? []).map((rest) => ({
        ...rest,
        documentation: 'For payers',
        interaction: [{ code: 'batch', documentation: 'for internal use' }],
        resource: [...(rest.resource ?? []), { type: 'Basic', interaction: [{ code: 'read' }] }],
      })),
      messaging: [{ documentation: 'none' }],
    })),
    touches: near,
  },
  {
    id: 'statement-versions-canonicals',
    title: 'Canonicals in the statement carry versions',
    source: 'FHIR R4 references#canonical',
    dress: both(
      types((type) => ({
        ...type,
        ...(type.supportedProfile ? { supportedProfile: type.supportedProfile.map((url) => `${url}|6.1.0`) } : {}),
        ...(type.operation
          ? { operation: type.operation.map((one) => ({ ...one, definition: `${one.definition}|2.0.0` })) }
          : {}),
      })),
      declared((statement) => ({
        ...statement,
        instantiates: (statement.instantiates ?? []).map((url) => `${url}|2.0.0`),
      })),
    ),
    touches: near,
  },
  {
    id: 'statement-names-profiles-singly',
    title: 'A type names its one profile as profile',
    source: 'FHIR R4 capabilitystatement: profile or supportedProfile',
    dress: types(({ supportedProfile, ...type }) =>
      supportedProfile?.length === 1
        ? { ...type, profile: supportedProfile[0] as string }
        : { ...type, ...(supportedProfile ? { supportedProfile } : {}) },
    ),
    touches: near,
  },
  {
    id: 'statement-names-operations-with-dollar',
    title: 'Operations are named with their dollar',
    source: 'FHIR R4 capabilitystatement: found in the wild, and read by clients',
    dress: types((type) => ({
      ...type,
      ...(type.operation ? { operation: type.operation.map((one) => ({ ...one, name: `$${one.name}` })) } : {}),
    })),
    touches: near,
  },
  {
    id: 'statement-declares-common-parameters-once',
    title: 'Parameters of every type are declared once, for all of them',
    source: 'FHIR R4 capabilitystatement: rest.searchParam, for searching all resources',
    dress: declared((statement) => ({
      ...statement,
      rest: (statement.rest ?? []).map((rest) => ({
        ...rest,
        searchParam: [
          { name: '_id', type: 'token' },
          { name: '_lastUpdated', type: 'date' },
        ],
        resource: (rest.resource ?? []).map(({ searchParam, ...type }) => ({
          ...type,
          searchParam: (searchParam ?? []).filter(({ name }) => !name.startsWith('_')),
        })),
      })),
    })),
    touches: near,
  },
  {
    id: 'statement-documents-parameters',
    title: 'Search parameters have definitions and documentation',
    source: 'FHIR R4 capabilitystatement: definition 0..1',
    dress: types((type) => ({
      ...type,
      ...(type.searchParam
        ? { searchParam: type.searchParam.map((one) => ({ ...one, documentation: 'as in FHIR' })) }
        : {}),
    })),
    touches: near,
  },
  {
    id: 'statement-includes-anything',
    title: 'Every type says that it can include anything',
    source: 'FHIR R4 capabilitystatement: searchInclude, search#include with *',
    dress: types((type) => (type.searchInclude ? { ...type, searchInclude: [...type.searchInclude, '*'] } : type)),
    touches: near,
  },
  {
    id: 'statement-does-not-name-endpoints',
    title: 'The statement leaves OAuth endpoints to smart-configuration',
    source: 'SMART 2.2: the extension is deprecated',
    dress: declared((statement) => ({
      ...statement,
      rest: (statement.rest ?? []).map(({ security, ...rest }) => {
        const { extension: _, ...others } = security ?? {}
        return { ...rest, security: others }
      }),
    })),
    touches: near,
  },
  {
    id: 'statement-instantiates-nothing',
    title: 'The statement instantiates no other',
    source: 'Bulk Data operations: SHOULD; FHIR R4: instantiates 0..*',
    dress: declared(({ instantiates: _, ...statement }) => statement),
    touches: near,
    mayWarn: ['BULK-098'],
  },
  {
    id: 'no-versions-are-kept',
    title: 'vread and history are neither declared nor answered',
    source: 'PDex CapabilityStatements: SHOULD; FHIR R4 http: optional',
    dress: both(
      types((type) => ({
        ...type,
        versioning: 'no-version',
        ...(type.interaction ? { interaction: type.interaction.filter(({ code }) => !versioned.has(code)) } : {}),
      })),
      ...(['vread', 'history'] as const).map((row) => always(row, () => new Response(null, { status: 404 }))),
    ),
    touches: [...near, 'PDEX-034', 'PDEX-381', 'PDEX-387', 'PDEX-421'],
    // What has a version in meta, as it has here, is read by it where it can be.
    mayWarn: ['PDEX-034', 'CORE-020'],
  },
]
