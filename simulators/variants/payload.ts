/** Records written otherwise: references, narrative, labels, extensions, identifiers, profiles (FHIR R4 resource). */
import type { Element, Extension, Meta } from 'fhir/r4.js'
import type { FhirResource } from '../../harness/person.ts'
import { records } from './dressing.ts'
import type { Dress, Variant } from './variant.ts'

/** What any way to write a record comes near. */
export const nearRecords = [
  'PDEX-126',
  'PDEX-329',
  'PDEX-337',
  'PDEX-006',
  'PDEX-009',
  'CORE-010',
  'CORE-011',
  'CORE-033',
  'CORE-044',
  'CORE-050',
  'CORE-051',
  'CORE-053',
  'HREX-031',
  'HREX-033',
  'HREX-038',
  'HREX-058',
  'PDEX-062',
  'PDEX-063',
  'PDEX-075',
  'PDEX-078',
  'PDEX-139',
  'PDEX-357',
  'PDEX-358',
  'PDEX-372',
  'BULK-071',
  'BULK-090',
  'BULK-031',
]

type Node = Record<string, unknown>

/** Every object below a value changed, the deepest first. */
function everyNode(value: unknown, change: (node: Node) => Node): unknown {
  if (Array.isArray(value)) return value.map((one) => everyNode(one, change))
  if (value === null || typeof value !== 'object') return value
  return change(Object.fromEntries(Object.entries(value).map(([name, one]) => [name, everyNode(one, change)])))
}
export const nodes = (change: (node: Node, base: string) => Node): Dress =>
  records((resource, { state }) => everyNode(resource, (node) => change(node, `${state.base}/fhir`)) as FhirResource)

const references = (change: (reference: string, node: Node, base: string) => Node): Dress =>
  nodes((node, base) =>
    typeof node.reference === 'string' && /^[A-Z][A-Za-z]+\/[^/]+$/.test(node.reference)
      ? change(node.reference, node, base)
      : node,
  )

/** Records with their meta changed. */
export const withMeta = (change: (meta: Meta) => Meta): Dress =>
  records((resource) => ({ ...resource, meta: change(resource.meta ?? {}) }) as FhirResource)

const acme = (url: string, value: Partial<Extension>): Extension => ({
  url: `https://old-mill.example/fhir/${url}`,
  ...value,
})

export const payloadVariants: readonly Variant[] = [
  {
    id: 'absolute-references',
    title: 'References are absolute',
    source: 'FHIR R4 references: relative or absolute; Bulk Data: absolute below the base',
    dress: references((reference, node, base) => ({ ...node, reference: `${base}/${reference}` })),
    touches: [...nearRecords, 'BULK-021', 'BULK-036', 'BULK-037', 'BULK-038'],
  },
  {
    id: 'references-say-more',
    title: 'References have type, display and identifier',
    source: 'FHIR R4 references',
    dress: references((reference, node) => ({
      display: 'as known here',
      ...node,
      type: reference.split('/')[0],
      identifier: { system: 'https://old-mill.example/ids', value: reference },
    })),
    touches: nearRecords,
  },
  {
    id: 'narrative-everywhere',
    title: 'Every record has a narrative',
    source: 'FHIR R4 narrative: SHOULD',
    dress: records(
      (resource) =>
        ({
          ...resource,
          text: {
            status: 'generated',
            div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${resource.resourceType}</p></div>`,
          },
        }) as FhirResource,
    ),
    touches: nearRecords,
  },
  {
    id: 'narrative-nowhere',
    title: 'No record has a narrative where its profile does not ask for one',
    source: 'FHIR R4 narrative: text 0..1',
    dress: records(({ ...resource }) => {
      // US Core asks for the narrative of a CarePlan.
      if (resource.resourceType !== 'CarePlan') delete (resource as { text?: unknown }).text
      return resource
    }),
    touches: nearRecords,
  },
  {
    id: 'more-labels',
    title: 'Records have tags, labels and a source of the payer’s own',
    source: 'FHIR R4 resource#Meta: tag, security, source',
    dress: withMeta((meta) => ({
      ...meta,
      source: 'https://old-mill.example/warehouse#7',
      security: [
        ...(meta.security ?? []),
        { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'N' },
      ],
      tag: [...(meta.tag ?? []), { system: 'https://old-mill.example/batches', code: '2026-03' }],
    })),
    touches: [...nearRecords, 'PDEX-137', 'CORE-052', 'BULK-035'],
  },
  {
    id: 'more-extensions',
    title: 'Records have extensions that nobody knows, on elements, too',
    source: 'FHIR R4 extensibility: anybody may add them, and nobody may refuse them; HRex conf-7',
    dress: records((resource) => {
      const held = resource as FhirResource & { extension?: Extension[]; status?: unknown; _status?: Element }
      if (held.resourceType === 'Binary' || held.resourceType === 'Bundle' || held.resourceType === 'Parameters')
        return held
      return {
        ...held,
        extension: [...(held.extension ?? []), acme('loaded', { valueInstant: '2026-01-01T00:00:00Z' })],
        ...(typeof held.status === 'string'
          ? { _status: { extension: [acme('set-by', { valueString: 'import' })] } }
          : {}),
      } as FhirResource
    }),
    touches: [...nearRecords, 'HREX-037', 'CORE-066'],
  },
  {
    id: 'more-identifiers',
    title: 'Records have an identifier of the payer’s own',
    source: 'FHIR R4: identifier 0..*',
    dress: records((resource) => {
      const { identifier } = resource as { identifier?: unknown }
      return Array.isArray(identifier)
        ? ({
            ...resource,
            identifier: [...identifier, { system: 'https://old-mill.example/keys', value: `k-${resource.id}` }],
          } as FhirResource)
        : resource
    }),
    touches: [...nearRecords, 'CORE-043', 'PDEX-039'],
  },
  {
    id: 'more-profiles',
    title: 'Records name a profile of the payer’s own beside those of the guides',
    source: 'FHIR R4 resource#Meta: profile 0..*',
    dress: withMeta((meta) =>
      meta.profile
        ? { ...meta, profile: [...meta.profile, 'https://old-mill.example/fhir/StructureDefinition/own'] }
        : meta,
    ),
    touches: nearRecords,
  },
  {
    id: 'no-profiles',
    title: 'Records name no profile',
    source: 'PDex CapabilityStatements: SHOULD',
    // Profiles of ExplanationOfBenefit demand that they are named.
    dress: records(({ meta, ...resource }) => {
      const { profile, ...rest } = meta ?? {}
      const kept = resource.resourceType === 'ExplanationOfBenefit' && profile ? { profile } : {}
      return { ...resource, meta: { ...rest, ...kept } } as FhirResource
    }),
    touches: [...nearRecords, 'PDEX-476', 'HREX-030'],
    mayWarn: ['PDEX-337'],
  },
  {
    id: 'a-language',
    title: 'Records say in what language they are',
    source: 'FHIR R4 resource: language 0..1',
    dress: records((resource) =>
      resource.resourceType === 'Binary' ? resource : ({ ...resource, language: 'en-US' } as FhirResource),
    ),
    touches: nearRecords,
  },
  {
    id: 'versioned-targets',
    title: 'Provenance names the version of its targets',
    source: 'FHIR R4 references: version-specific; PDex usecase §388',
    dress: records((resource) =>
      resource.resourceType === 'Provenance'
        ? {
            ...resource,
            target: resource.target.map((target) =>
              /^[A-Z][A-Za-z]+\/[^/]+$/.test(target.reference ?? '')
                ? { ...target, reference: `${target.reference}/_history/1` }
                : target,
            ),
          }
        : resource,
    ),
    touches: [...nearRecords, 'PDEX-035', 'PDEX-033', 'BULK-037', 'BULK-038', 'HREX-030'],
  },
  {
    id: 'transmitter-by-identifier',
    title: 'The payer is named in Provenance by its identifier as well',
    source: 'FHIR R4 Reference: identifier beside reference',
    dress: records((resource, { state }) =>
      resource.resourceType === 'Provenance'
        ? {
            ...resource,
            agent: resource.agent.map((agent) =>
              JSON.stringify(agent.type ?? '').includes('transmitter')
                ? { ...agent, who: { ...agent.who, identifier: { ...state.identity.identifier } } }
                : agent,
            ),
          }
        : resource,
    ),
    touches: ['PDEX-069', 'PDEX-075', 'PDEX-078', 'HREX-064', 'HREX-065'],
  },
]
