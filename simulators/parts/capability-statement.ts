/**
 * What this server offers, computed from its table: every type, interaction and operation that a row claims, with the
 * search parameters of the search table (FHIR R4 capabilities; PDex "everything that is offered is declared").
 */
import type { CapabilityStatement, CapabilityStatementRestResource, Extension } from 'fhir/r4.js'
import type { Editions } from '../../harness/edition.ts'
import { once } from '../../harness/once.ts'
import { Said } from '../said.ts'
import { paramOf } from '../search/lookup.ts'
import { isModern, supportedProfiles } from '../search/profiles.ts'
import { searchTable } from '../search/table.ts'
import type { Claim, Handler, Route } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'

const combination = 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-search-parameter-combination'
const oauthUris = 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris'
const securityService = 'http://terminology.hl7.org/CodeSystem/restful-security-service'

/** GET /metadata. Who may ask what is on the rows themselves; this needs no token. */
export const capabilityStatement =
  (state: PayerState, table: () => readonly Route[]): Handler =>
  () => {
    const rows = table()
    const claims = rows.flatMap((row) => row.claims)
    const offers = once(offered, JSON.stringify([state.editions, claims]), () => offersOf(claims, state.editions))
    // The server is told of last, and in it what it offers.
    const text = `${JSON.stringify(statement(state, rows)).slice(0, -'}]}'.length)},${offers.slice(1)}]}`
    return new Said(text, { headers: { 'content-type': 'application/fhir+json; charset=utf-8' } })
  }

/** What tables claim, as JSON: most of a statement, and the same for every payer of an edition. */
const offered = new Map<string, string>()

function offersOf(claims: readonly Claim[], editions: Editions): string {
  const types = [...new Set(claims.flatMap(({ type }) => type ?? []))].sort()
  const system = operations(claims.filter(({ type }) => type === undefined))
  const resource = types.map((type) => ofType(editions, type, claims))
  return JSON.stringify({ resource, ...(system.length ? { operation: system } : {}) })
}

/** Who is speaking, since when and where; `rest` ends before what is offered. */
function statement(state: PayerState, rows: readonly Route[]): CapabilityStatement {
  const modern = isModern(state.editions)
  return {
    resourceType: 'CapabilityStatement',
    id: 'payer',
    name: 'PayerCapabilityStatement',
    title: `What ${state.identity.name} offers to other payers`,
    status: 'active',
    experimental: true,
    date: state.clock.now().toISOString(),
    publisher: state.identity.name,
    kind: 'instance',
    instantiates: [
      `http://hl7.org/fhir/us/davinci-pdex/CapabilityStatement/pdex-server${modern ? '-6-1' : ''}`,
      'http://hl7.org/fhir/us/core/CapabilityStatement/us-core-server',
      'http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data',
    ],
    software: { name: 'Vitruvian' },
    implementation: { description: `FHIR server of ${state.identity.name}`, url: `${state.base}/fhir` },
    fhirVersion: '4.0.1',
    format: ['json', 'application/fhir+json'],
    rest: [
      {
        mode: 'server',
        security: {
          ...smartEndpoints(state, rows),
          cors: false,
          service: [
            { coding: [{ system: securityService, code: 'SMART-on-FHIR', display: 'SMART-on-FHIR' }] },
            { coding: [{ system: securityService, code: 'Certificates', display: 'Certificates' }] },
          ],
          description:
            'Mutual TLS among the members of the trust community; access tokens are bound to the client certificate.',
        },
      },
    ],
  }
}

/**
 * Where tokens and registrations are to be had. The extension demands an authorization endpoint (R4 oauth-uris, authorize 1..1), which a
 * server of client credentials alone does not have: its smart-configuration tells, as SMART App Launch 2 wants it.
 */
function smartEndpoints(state: PayerState, rows: readonly Route[]): { extension?: Extension[] } {
  const places = [
    ['authorize', 'GET /auth/authorize'],
    ['token', 'POST /auth/token'],
    ['register', 'POST /auth/register'],
  ] as const
  const known = places.filter(([, name]) => rows.some((row) => row.name === name))
  if (known[0]?.[0] !== 'authorize') return {}
  const extension = known.map(([url, name]) => ({ url, valueUri: `${state.base}${name.replace(/^[A-Z]+ /, '')}` }))
  return { extension: [{ url: oauthUris, extension }] }
}

function ofType(editions: Editions, type: string, all: readonly Claim[]): CapabilityStatementRestResource {
  const claims = all.filter((claim) => claim.type === type)
  const interactions = [...new Set(claims.flatMap(({ interaction }) => interaction ?? []))]
  const row = interactions.includes('search-type') ? searchTable[type] : undefined
  const profiles = supportedProfiles(type, editions)
  const operation = operations(claims)
  const includes = Object.keys(row?.includes ?? {}).map((name) => `${type}:${name}`)
  const combinations = (row?.combinations ?? []).map((together) => ({
    url: combination,
    extension: together.split('+').map((name) => ({ url: 'required', valueString: name })),
  }))
  const params = ['_id', '_lastUpdated', ...(row?.params ?? []).map(({ name }) => name)]
  return {
    ...(combinations.length ? { extension: combinations } : {}),
    type: type as CapabilityStatementRestResource['type'],
    ...(profiles.length ? { supportedProfile: [...profiles] } : {}),
    ...(interactions.length ? { interaction: interactions.map((code) => ({ code })) } : {}),
    versioning: 'versioned',
    readHistory: interactions.includes('vread'),
    conditionalRead: 'full-support',
    referencePolicy: ['literal', 'local'],
    ...(includes.length ? { searchInclude: includes } : {}),
    ...(row?.provenance ? { searchRevInclude: ['Provenance:target'] } : {}),
    ...(row ? { searchParam: params.flatMap((name) => ({ name, type: paramOf(type, name)?.kind ?? 'token' })) } : {}),
    ...(operation.length ? { operation } : {}),
  }
}

/** Each operation once, though it may be offered by two methods. */
const operations = (claims: readonly Claim[]): { name: string; definition: string }[] => [
  ...new Map(
    claims.flatMap(({ operation }) => (operation ? [[operation.name, { ...operation }] as const] : [])),
  ).values(),
]
