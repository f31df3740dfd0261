import { describe, expect, it } from 'vitest'
import { type Check, verdictOf } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { type CertificateFacts, type Exchange, Transcript } from '../../../harness/transcript.ts'
import { publishesItsBases } from '../../pdex/checks/member-match.ts'
import {
  acceptsNewerCodes,
  discoveryChecks,
  looksUpAgain,
  saysWhoAndWhere,
  servesOverOrdinaryTls,
} from './discovery.ts'

const base = 'https://mtls.old.example/fhir'
const document = {
  identifier: { system: 'urn:naic', value: '1' },
  endpoints: Object.fromEntries(
    ['patient', 'provider', 'payer'].map((who) => [`davinci_pdex_${who}_endpoint#2.2`, base]),
  ),
}
const scene: Scene = {
  editions: { pdex: '2.2.0', hrex: '1.2.0' },
  now: '2026-03-02T15:00:00Z',
  facts: {},
  requester: 'requesting payer',
  responder: 'responding payer',
}
let number = 0
function exchange(
  move: Exchange['move'],
  url: string,
  body: unknown,
  part: { status?: number; type?: string } & Partial<Exchange> = {},
): Exchange {
  const { status = 200, type = 'application/json', ...rest } = part
  return {
    id: `x${++number}`,
    move,
    from: 'requesting payer',
    to: 'responding payer',
    at: scene.now,
    intent: {},
    request: { method: 'GET', url, headers: [], body: '' },
    response: {
      status,
      statusText: '',
      headers: [['Content-Type', type]],
      body: typeof body === 'string' ? body : JSON.stringify(body),
    },
    timings: { connect: 0, firstByte: 0, total: 0 },
    ...rest,
  }
}
const wellKnown = (body: unknown = document, part: Parameters<typeof exchange>[3] = {}): Exchange =>
  exchange('well-known', 'https://old.example/fhir/.well-known/davinci-configuration', body, part)
const metadata = (at = base, part: Parameters<typeof exchange>[3] = {}): Exchange =>
  exchange('metadata', `${at}/metadata`, {}, part)
const code = (check: Check, exchanges: Exchange[], editions = scene.editions): string =>
  verdictOf(check, Transcript.of(exchanges), { ...scene, editions }).code

it.each([...discoveryChecks, publishesItsBases])('$id decides nothing without evidence', (check) => {
  expect(code(check, [])).toBe('skip')
})

describe('the document', () => {
  it.each<[string, Check, Exchange, string]>([
    ['as it should be', servesOverOrdinaryTls, wellKnown(), 'pass'],
    [
      'as FHIR JSON',
      servesOverOrdinaryTls,
      wellKnown(document, { type: 'application/fhir+json; charset=utf-8' }),
      'pass',
    ],
    [
      'over plain HTTP',
      servesOverOrdinaryTls,
      { ...wellKnown(), request: { method: 'GET', url: 'http://old.example/x', headers: [], body: '' } },
      'fail',
    ],
    ['as text', servesOverOrdinaryTls, wellKnown(document, { type: 'text/plain' }), 'warning'],
    ['as a page', servesOverOrdinaryTls, wellKnown('<html>'), 'fail'],
    ['as a page that says so', servesOverOrdinaryTls, wellKnown('<html>', { type: 'text/html' }), 'fail'],
    [
      'with a list of identifiers',
      saysWhoAndWhere,
      wellKnown({ ...document, identifier: [document.identifier] }),
      'fail',
    ],
    ['as a list', servesOverOrdinaryTls, wellKnown([]), 'fail'],
    // HRex's Discovery Server is a payer that surfaces such a file; nobody has to be one.
    ['missing', servesOverOrdinaryTls, wellKnown({}, { status: 404 }), 'skip'],
    ['not for everybody', servesOverOrdinaryTls, wellKnown({}, { status: 403 }), 'fail'],
    [
      'shown to a certificate',
      servesOverOrdinaryTls,
      wellKnown(document, { tls: { protocol: 'TLSv1.3', cipher: 'x', client: {} as CertificateFacts } }),
      'skip',
    ],
    ['with who and where', saysWhoAndWhere, wellKnown(), 'pass'],
    ['without who', saysWhoAndWhere, wellKnown({ endpoints: document.endpoints }), 'fail'],
    ['without the system of who', saysWhoAndWhere, wellKnown({ ...document, identifier: { value: '1' } }), 'fail'],
    ['without where', saysWhoAndWhere, wellKnown({ identifier: document.identifier }), 'fail'],
    ['with a list of endpoints', saysWhoAndWhere, wellKnown({ ...document, endpoints: [base] }), 'fail'],
    [
      'with a relative address',
      saysWhoAndWhere,
      wellKnown({ ...document, endpoints: { 'davinci_pdex_payer_endpoint#2.2': '/fhir' } }),
      'fail',
    ],
    [
      'with an http address',
      saysWhoAndWhere,
      wellKnown({ ...document, endpoints: { 'davinci_pdex_payer_endpoint#2.2': 'http://x/fhir' } }),
      'fail',
    ],
    [
      'with bare codes',
      saysWhoAndWhere,
      wellKnown({ ...document, endpoints: { davinci_pdex_payer_endpoint: base } }),
      'warning',
    ],
    [
      'of another guide',
      saysWhoAndWhere,
      wellKnown({ ...document, endpoints: { carin_bluebutton_endpoint: base } }),
      'pass',
    ],
    ['missing, so nothing of it', saysWhoAndWhere, wellKnown({}, { status: 404 }), 'skip'],
    ['with all bases', publishesItsBases, wellKnown(), 'pass'],
    [
      'with one base',
      publishesItsBases,
      wellKnown({ ...document, endpoints: { davinci_pdex_payer_endpoint: base } }),
      'warning',
    ],
    ['missing, so no base', publishesItsBases, wellKnown({}, { status: 404 }), 'warning'],
  ])('%s', (_, check, x, expected) => {
    expect(code(check, [x])).toBe(expected)
  })

  it('may have bare codes in HRex 1.1', () => {
    const bare = wellKnown({ ...document, endpoints: { davinci_pdex_payer_endpoint: base } })
    expect(code(saysWhoAndWhere, [bare], { pdex: '2.1.0', hrex: '1.1.0' })).toBe('pass')
  })

  it('behind a handshake that wants a certificate is not for everybody', () => {
    const { response: _, ...x } = wellKnown()
    expect(
      code(servesOverOrdinaryTls, [
        { ...x, failure: { kind: 'refused', code: 'ERR_SSL', message: 'certificate required' } },
      ]),
    ).toBe('fail')
    // A connection that is only reset may have been cut by anybody.
    expect(
      code(servesOverOrdinaryTls, [{ ...x, failure: { kind: 'refused', code: 'ECONNRESET', message: 'reset' } }]),
    ).toBe('error')
    expect(
      code(servesOverOrdinaryTls, [{ ...x, failure: { kind: 'unreachable', code: 'ENOTFOUND', message: 'nobody' } }]),
    ).toBe('error')
  })

  it('leads to a base that answers', () => {
    expect(code(publishesItsBases, [wellKnown(), metadata()])).toBe('pass')
    expect(code(publishesItsBases, [wellKnown(), metadata(base, { status: 404 })])).toBe('warning')
    expect(code(publishesItsBases, [wellKnown(), metadata('https://elsewhere', { status: 404 })])).toBe('pass')
  })
})

describe('the client', () => {
  it('uses what it found, whatever the version', () => {
    const newer = (): Exchange =>
      wellKnown({ ...document, endpoints: { 'davinci_pdex_payer_endpoint#9.4': `${base}/` } })
    expect(code(acceptsNewerCodes, [newer(), metadata()])).toBe('pass')
    expect(code(acceptsNewerCodes, [newer(), metadata('https://elsewhere')])).toBe('fail')
    expect(code(acceptsNewerCodes, [newer()])).toBe('skip')
    expect(code(acceptsNewerCodes, [wellKnown({ endpoints: { davinci_pdex_payer_endpoint: base } }), metadata()])).toBe(
      'skip',
    )
  })

  it('looks up again what does not answer', () => {
    expect(code(looksUpAgain, [metadata(base, { status: 404 }), wellKnown()])).toBe('pass')
    expect(code(looksUpAgain, [wellKnown(), metadata(base, { status: 404 })])).toBe('skip')
    expect(code(looksUpAgain, [metadata(), wellKnown()])).toBe('skip')
  })
})
