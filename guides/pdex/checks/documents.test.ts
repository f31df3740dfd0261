/** Documents and devices: what they say, where their content lies, what $docref and a search by type give. */
import { expect, it } from 'vitest'
import { all, read, refused } from '../../told/questions.ts'
import { condition, provenanceOf } from '../../told/record.ts'
import { base, outcome, type Step, sceneOf, searchset, type Told, told } from '../../told/told.ts'
import { foundOf, type Row } from '../../told/verdicts.ts'

const slow: Told = { status: 503, answer: outcome('transient') }
const attached = (...attachments: readonly object[]): object => ({
  content: attachments.map((attachment) => ({ attachment })),
})
const document = (more: object = {}): object => ({
  resourceType: 'DocumentReference',
  id: 'd',
  status: 'current',
  type: { coding: [{ code: '34117-2' }] },
  custodian: { reference: 'Organization/o' },
  ...attached({ url: 'Binary/b' }),
  ...more,
})
const found = (...resources: readonly object[]): Step =>
  told('search', 'DocumentReference?patient=ana', { answer: searchset(resources) })
const orphan = { custodian: undefined }
const by = (agent: object, target = 'DocumentReference/d'): object => provenanceOf('p', [target], agent)
const organization = { reference: 'Organization/o' }
const binary = (more: Told = {}): Step => told('binary', 'Binary/b', { answer: 'text', ...more })

const elsewhere = 'https://files.example/d'
const outside = found(document(attached({ url: elsewhere })))
const fetched = (more: Told = {}): Step => told('binary', elsewhere, { answer: 'text', ...more })
const closed: Told = { status: 403, answer: 'no' }

const docref = (more: Told = {}, query = 'patient=ana'): Step =>
  told('probe', `DocumentReference/$docref?${query}`, { answer: searchset([document()]), ...more })
const nothing: Told = { answer: searchset([]) }
const foreign = { intent: { mistake: 'foreign' } }
const ofCare = { coding: [{ code: '34133-9' }] }
const summary = (more: object = {}): Step => found(document({ type: ofCare, ...more }))

const documents: readonly Row[] = [
  ['a complete document', 'PDEX-365', 'pass', [found(document())]],
  ['none', 'PDEX-365', 'skip not-decided', [all]],
  ['no content', 'PDEX-365', 'fail missing-content', [found(document({ content: [] }))]],
  [
    'one content of two is nowhere',
    'PDEX-365',
    'fail missing-content',
    [found(document(attached({ data: 'eA==' }, { title: 'x' })))],
  ],
  ['content inline', 'PDEX-365', 'pass', [found(document(attached({ data: 'eA==' })))]],
  ['nobody is responsible', 'PDEX-365', 'fail missing-element: no organization', [found(document(orphan))]],
  ['its Provenance says who is', 'PDEX-365', 'pass', [found(document(orphan), by({ who: organization }))]],
  [
    'its Provenance says on whose behalf',
    'PDEX-365',
    'pass',
    [found(document(orphan), by({ onBehalfOf: organization }))],
  ],
  [
    'its Provenance names a person',
    'PDEX-365',
    'fail missing-element',
    [found(document(orphan), by({ who: { reference: 'Practitioner/p' } }))],
  ],
  [
    'a Provenance of something else',
    'PDEX-365',
    'fail missing-element',
    [found(document(orphan), by({ who: organization }, 'Condition/c'))],
  ],
  [
    'no type',
    'PDEX-365',
    'fail missing-element: has no type',
    [found(document({ type: undefined }), document({ id: 'e' }))],
  ],
  [
    'no common note',
    'PDEX-365',
    'warning no-common-note',
    [found(document({ type: { coding: [{ code: '34133-9' }] } }))],
  ],

  ['content inline', 'PDEX-030', 'pass', [found(document(attached({ data: 'eA==' })))]],
  [
    'content nowhere',
    'PDEX-030',
    'warning missing-content: neither data nor url',
    [found(document(attached({ title: 'x' })))],
  ],
  ['content fetched', 'PDEX-030', 'pass', [found(document()), binary()]],
  ['content fetched by its whole address', 'PDEX-030', 'pass', [outside, fetched()]],
  ['content fetched below the base', 'PDEX-030', 'pass', [found(document(attached({ url: '/Binary/b' }))), binary()]],
  ['content empty', 'PDEX-030', 'warning missing-content: cannot be had', [found(document()), binary({ answer: '' })]],
  ['content gone', 'PDEX-030', 'warning missing-content: cannot be had', [found(document()), binary(refused(404))]],
  ['content put off', 'PDEX-030', 'skip not-decided', [found(document()), binary(slow)]],
  ['content put off, and fetched again', 'PDEX-030', 'pass', [found(document()), binary(slow), binary()]],
  [
    'content gone in the end',
    'PDEX-030',
    'warning missing-content',
    [found(document()), binary(), binary(refused(404))],
  ],
  [
    'other content fetched',
    'PDEX-030',
    'skip not-decided: nobody fetched',
    [found(document()), told('binary', 'Binary/c', refused(404))],
  ],
  [
    'fetched by another client',
    'PDEX-030',
    'skip not-decided: nobody fetched',
    [found(document()), binary({ ...refused(404), from: 'another payer' })],
  ],
  [
    'fetched wrongly on purpose',
    'PDEX-030',
    'skip not-decided: nobody fetched',
    [found(document()), binary({ ...refused(404), ...foreign })],
  ],
  ['no document', 'PDEX-030', 'skip not-decided: holds no DocumentReference', [all]],

  ['an open document elsewhere', 'PDEX-366', 'pass', [outside, fetched()]],
  ['a closed one', 'PDEX-366', 'warning closed-document', [outside, fetched(closed)]],
  ['one that is gone', 'PDEX-366', 'pass', [outside, fetched({ status: 404, answer: 'no' })]],
  [
    'a closed one beside the base',
    'PDEX-366',
    'warning closed-document',
    [found(document(attached({ url: `${base}-files/d` }))), told('binary', `${base}-files/d`, closed)],
  ],
  ['not fetched', 'PDEX-366', 'skip not-decided: nobody fetched', [outside, told('binary', `${elsewhere}2`, closed)]],
  [
    'fetched by another client',
    'PDEX-366',
    'skip not-decided: nobody fetched',
    [outside, fetched({ ...closed, from: 'another payer' })],
  ],
  ['on the server itself', 'PDEX-366', 'skip not-decided: every document', [found(document()), binary(closed)]],
  ['no document', 'PDEX-366', 'skip not-decided: no DocumentReference', [all]],
  [
    'nobody knows where the server is',
    'PDEX-366',
    'skip not-decided: the base of the server',
    [
      told('export-file', 'https://old.example/f', {
        answered: { 'content-type': 'application/fhir+ndjson' },
        answer: JSON.stringify(document(attached({ url: elsewhere }))),
      }),
      fetched(closed),
    ],
  ],

  ['documents by $docref', 'PDEX-342', 'pass', [docref()]],
  ['no searchset', 'PDEX-342', 'fail wrong-bundle', [docref({ answer: document() })]],
  ['refused', 'PDEX-342', 'fail wrong-status', [docref({ status: 404, answer: searchset([]) })]],
  ['of somebody else', 'PDEX-342', 'fail disclosed', [docref(), docref(foreign)]],
  ['of somebody else, and nothing', 'PDEX-342', 'pass', [docref(), docref({ ...nothing, ...foreign })]],
  ['of somebody else alone', 'PDEX-342', 'skip not-decided: nobody asked', [docref(foreign)]],
  [
    'another operation',
    'PDEX-342',
    'skip not-decided: there was',
    [told('probe', 'DocumentReference/$x?patient=ana', refused(404))],
  ],

  [
    'the current ones',
    'PDEX-367',
    'pass',
    [docref({ answer: searchset([document(), document({ id: 's', type: ofCare })]) }), summary()],
  ],
  ['another note', 'PDEX-367', 'fail missing-records', [docref(), summary()]],
  ['none, though there is one', 'PDEX-367', 'fail missing-records', [docref(nothing), summary()]],
  ['something else', 'PDEX-367', 'fail missing-records', [docref({ answer: searchset([condition]) }), summary()]],
  [
    'none, and the summary is superseded',
    'PDEX-367',
    'skip not-decided: no current summary',
    [docref(nothing), summary({ status: 'superseded' })],
  ],
  [
    'none, and there is another document',
    'PDEX-367',
    'skip not-decided: no current summary',
    [docref(nothing), found(document(), { ...condition, status: 'current', type: { coding: [{ code: '34133-9' }] } })],
  ],
  ['by type', 'PDEX-367', 'skip not-decided: nobody asked', [docref(nothing, 'patient=ana&type=x'), summary()]],
  ['of somebody else', 'PDEX-367', 'skip not-decided: nobody asked', [docref({ ...nothing, ...foreign }), summary()]],
]

const device = (more: object = {}): object => ({
  resourceType: 'Device',
  id: 'd',
  type: { coding: [{ system: 'http://snomed.info/sct', code: '1' }] },
  patient: { reference: 'Patient/ana' },
  manufacturer: 'Acme',
  ...more,
})
const devices = (query: string, resources: readonly object[], more: Told = {}): Step =>
  told('search', `Device?${query}`, { answer: searchset(resources), ...more })
const udi = (carrierHRF?: string): object => ({ udiCarrier: [{ deviceIdentifier: '1', carrierHRF }] })
const ofType = 'patient=ana&type=1'

const ofDevices: readonly Row[] = [
  ['no UDI', 'PDEX-361', 'skip not-decided', [devices('patient=ana', [device()])]],
  [
    'no readable form',
    'PDEX-361',
    'fail missing-element: without carrierHRF',
    [devices('patient=ana', [device(udi())])],
  ],
  [
    'each part is lost',
    'PDEX-361',
    'fail missing-element missing-element missing-element missing-element',
    [devices('patient=ana', [device(udi('(01)1(10)A(11)B(17)C(21)D'))])],
  ],
  [
    'the serial number is lost',
    'PDEX-361',
    'fail missing-element: has no serialNumber',
    [devices('patient=ana', [device({ ...udi('(10)A(21)D'), lotNumber: 'A' })])],
  ],
  ['no part is named', 'PDEX-361', 'pass', [devices('patient=ana', [device(udi('(01)1'))])]],

  ['found by type', 'PDEX-362', 'pass', [devices(ofType, [device()]), devices('patient=ana', [device()])]],
  ['another type is found', 'PDEX-362', 'warning wrong-match', [devices('patient=ana&type=2', [device()])]],
  ['types are not searched by', 'PDEX-362', 'pass not-offered', [all, devices(ofType, [], refused(400))]],
  [
    'a search by type breaks',
    'PDEX-362',
    'warning wrong-status',
    [all, devices(ofType, [], { status: 500, answer: outcome() })],
  ],
  ['a search by type is put off', 'PDEX-362', 'skip not-decided', [devices(ofType, [], slow)]],
  [
    'nobody made it',
    'PDEX-362',
    'warning missing-element',
    [devices('patient=ana', [device({ manufacturer: undefined })])],
  ],
  [
    'its model is known',
    'PDEX-362',
    'skip not-decided',
    [devices('patient=ana', [device({ manufacturer: undefined, modelNumber: 'x' })])],
  ],
  [
    'its UDI is known',
    'PDEX-362',
    'skip not-decided',
    [devices('patient=ana', [device({ manufacturer: undefined, ...udi() })])],
  ],
  [
    'what else was asked, or wrongly',
    'PDEX-362',
    'skip not-decided: nobody searched',
    [
      devices('patient=ana', [], refused(500)),
      devices(ofType, [], { ...refused(500), ...foreign }),
      told('search', `Goal?${ofType}`, refused(500)),
      read('Device/d?type=1', { answer: device() }),
    ],
  ],
]

it.each(documents)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
it.each(ofDevices)('%s: %s %s', (...row) => {
  expect(foundOf(row, sceneOf())).toBe(row[2])
})
