/** Discovery documents of SMART, OAuth, UDAP and HRex that say more, less, or the same otherwise. */

import { outcome } from '../simulator.ts'
import {
  discovered,
  type Fields,
  nearDiscovery,
  nobody,
  serverRow,
  smart,
  undeclared,
  without,
} from './authorization-dressing.ts'
import { always, both, headers, json, over } from './dressing.ts'
import type { Variant } from './variant.ts'

export const discoveryVariants: readonly Variant[] = [
  {
    id: 'smart-says-more',
    title: 'The SMART configuration tells of other things that the server does',
    source: 'SMART 2.2 conformance: further members',
    dress: smart((body) => ({
      ...body,
      issuer: String(body.token_endpoint).replace(/\/[^/]*$/, ''),
      authorization_endpoint: String(body.token_endpoint).replace('token', 'authorize'),
      management_endpoint: 'https://old-mill.example/apps',
      response_types_supported: ['code'],
      grant_types_supported: [...(body.grant_types_supported as string[]), 'authorization_code', 'refresh_token'],
      capabilities: [
        ...(body.capabilities as string[]),
        'launch-standalone',
        'sso-openid-connect',
        'permission-patient',
      ],
      associated_endpoints: [],
    })),
    touches: nearDiscovery,
  },
  {
    id: 'smart-lists-login-scopes',
    title: 'scopes_supported lists scopes of a login, too',
    source: 'SMART 2.2 conformance: one document for every kind of client',
    dress: smart((body) => ({
      ...body,
      scopes_supported: [
        'openid',
        'fhirUser',
        'launch/patient',
        'offline_access',
        ...(body.scopes_supported as string[]),
      ],
    })),
    touches: nearDiscovery,
  },
  {
    id: 'smart-lists-no-scopes',
    title: 'scopes_supported is left out',
    source: 'SMART 2.2 conformance: RECOMMENDED',
    dress: smart(without('scopes_supported')),
    touches: nearDiscovery,
    mayWarn: ['AUTH-004'],
  },
  {
    id: 'smart-names-no-challenge',
    title: 'code_challenge_methods_supported is left out by a server without a login',
    source: 'support-specs A-21',
    dress: smart(without('code_challenge_methods_supported')),
    touches: nearDiscovery,
    mayWarn: ['AUTH-002'],
  },
  {
    id: 'smart-without-aliases',
    title: 'No aliases are named for mutual TLS: the usual endpoints ask for certificates',
    source: 'RFC 8705 §5: aliases are optional',
    dress: discovered(without('mtls_endpoint_aliases')),
    touches: nearDiscovery,
  },
  {
    id: 'smart-without-revocation',
    title: 'Tokens cannot be given back',
    source: 'SMART 2.2, RFC 7009: optional',
    dress: both(discovered(without('revocation_endpoint')), undeclared('revoke'), always('POST /auth/revoke', nobody)),
    touches: [...nearDiscovery, 'AUTH-070', 'AUTH-092'],
  },
  {
    id: 'more-signing-algorithms',
    title: 'More algorithms are offered than SMART asks for',
    source: 'SMART 2.2 asymmetric authentication: at least RS384 and ES384',
    dress: smart((body) => ({
      ...body,
      token_endpoint_auth_signing_alg_values_supported: [
        'PS384',
        'ES512',
        ...(body.token_endpoint_auth_signing_alg_values_supported as string[]),
      ],
      token_endpoint_auth_methods_supported: ['tls_client_auth', 'private_key_jwt'],
    })),
    touches: nearDiscovery,
  },
  {
    id: 'smart-without-mutual-tls',
    title: 'What is said of mutual TLS stands in the metadata of RFC 8414 alone',
    source: 'RFC 8705 §3.3 adds to the metadata of RFC 8414, and not to that of SMART',
    dress: smart(without('tls_client_certificate_bound_access_tokens', 'mtls_endpoint_aliases')),
    touches: nearDiscovery,
  },
  {
    id: 'issuer-with-a-slash',
    title: 'The issuer ends with a slash',
    source: 'RFC 8414 §3.1: the slash is taken off before the address is made',
    dress: json<Fields>(serverRow, (body) => ({ ...body, issuer: `${String(body.issuer)}/` })),
    touches: nearDiscovery,
  },
  {
    id: 'no-rfc-8414-metadata',
    title: 'There is no metadata of RFC 8414',
    source: 'PDex and SMART ask for smart-configuration alone',
    dress: always(serverRow, nobody),
    touches: nearDiscovery,
  },
  {
    id: 'no-udap',
    title: 'UDAP is not offered',
    source: 'HRex sec-11: one of several ways',
    dress: always('GET /fhir/.well-known/udap', nobody),
    touches: [...nearDiscovery, 'AUTH-102', 'AUTH-103', 'AUTH-105', 'AUTH-108'],
  },
  {
    id: 'udap-is-no-type',
    title: 'A server that knows nothing of UDAP takes its address for a request that it cannot read',
    source: 'UDAP binds those who offer it; FHIR R4 http: 400 for what cannot be parsed',
    dress: always('GET /fhir/.well-known/udap', () => outcome(400, 'invalid', 'there is no such type')),
    touches: [...nearDiscovery, 'AUTH-102', 'AUTH-103', 'AUTH-105', 'AUTH-108'],
  },
  {
    id: 'unknown-communities-get-the-default',
    title: 'An unknown community is answered with the default metadata',
    source: 'UDAP Security 2.0 discovery, multiple trust communities: 204 or default',
    dress: over('GET /fhir/.well-known/udap', (honest) => (request, visit) => {
      const url = new URL(visit.url)
      url.searchParams.delete('community')
      return honest(request, { ...visit, url })
    }),
    touches: ['AUTH-100', 'AUTH-101', 'AUTH-102', 'AUTH-104'],
  },
  {
    id: 'udap-says-more',
    title: 'UDAP metadata lists certifications and further profiles',
    source: 'UDAP Security 2.0 discovery',
    dress: json<Fields>('GET /fhir/.well-known/udap', (body) => ({
      ...body,
      udap_profiles_supported: [...(body.udap_profiles_supported as string[]), 'udap_to'],
      udap_certifications_supported: ['https://old-mill.example/certification'],
      udap_certifications_required: [],
    })),
    touches: ['AUTH-100', 'AUTH-101', 'AUTH-102', 'AUTH-103', 'AUTH-105'],
  },
  {
    id: 'well-known-says-more',
    title: 'The well-known document names other endpoints and has members of its own',
    source: 'HRex ep-2, ep-3: further codes are valid',
    dress: json<Fields>('GET /fhir/.well-known/davinci-configuration', (body) => ({
      ...body,
      contact: 'interop@old-mill.example',
      endpoints: {
        ...(body.endpoints as Fields),
        'davinci_crd_hook_endpoint#2.1': 'https://old-mill.example/cds-services',
        'davinci_dtr_payer_service#2.0': 'https://old-mill.example/dtr',
        old_mill_status: 'https://old-mill.example/status',
      },
    })),
    touches: ['HREX-060', 'HREX-061', 'HREX-063', 'PDEX-019'],
  },
  {
    id: 'well-known-names-other-versions',
    title: 'The well-known document names the payer endpoint of other versions, too',
    source: 'HRex ep-3: unlisted versions are valid',
    dress: json<Fields>('GET /fhir/.well-known/davinci-configuration', (body) => {
      const endpoints = body.endpoints as Record<string, string>
      const base = Object.values(endpoints)[0] as string
      return {
        ...body,
        endpoints: { ...endpoints, 'davinci_pdex_payer_endpoint#9.0': base, 'davinci_pdex_payer_endpoint#2.0': base },
      }
    }),
    touches: ['HREX-060', 'HREX-061', 'HREX-063', 'PDEX-019'],
  },
  {
    id: 'well-known-is-plain-text',
    title: 'The well-known document is JSON that says it is text',
    source: 'HRex ep-2: a JSON document; no media type is named',
    dress: headers('GET /fhir/.well-known/davinci-configuration', () => ({ 'content-type': 'text/plain' })),
    touches: ['HREX-060', 'HREX-061', 'HREX-063', 'PDEX-019'],
    mayWarn: ['HREX-060'],
  },
  {
    id: 'no-well-known',
    title: 'There is no well-known document: whoever asks gets 404',
    source: 'HRex ep-2 is for who serves one; PDex §88 SHOULD',
    dress: always('GET /fhir/.well-known/davinci-configuration', () => outcome(404, 'not-found', 'nothing is here')),
    touches: ['HREX-060', 'HREX-061', 'HREX-063', 'PDEX-019'],
    mayWarn: ['PDEX-019'],
  },
  {
    id: 'well-known-without-versions',
    title: 'The well-known document names endpoints by codes without a version',
    source: 'HRex ep-3; spec/pdex 5.34: HRex lists no code for PDex 2.2',
    dress: json<Fields>('GET /fhir/.well-known/davinci-configuration', (body) => ({
      ...body,
      endpoints: Object.fromEntries(Object.entries(body.endpoints as Fields).filter(([code]) => !code.includes('#'))),
    })),
    touches: ['HREX-060', 'HREX-061', 'HREX-063', 'PDEX-019'],
    // HRex 1.2 keeps such codes as a fallback and calls them deprecated.
    mayWarn: ['HREX-063'],
  },
]
