/** The checks of retrieval, tried on a story told by hand: met when it goes well, unmet when one thing in it goes wrong. */
import { describe, expect, it } from 'vitest'
import { verdictOf } from '../harness/check.ts'
import type { Scene } from '../harness/scene.ts'
import type { Exchange } from '../harness/transcript.ts'
import { guides } from './index.ts'
import { outcome, sceneOf, searchset, transcriptOf } from './told.ts'
import { authorization, claim, patient, provenanceOf } from './told-record.ts'
import { anaScene, statement, story } from './told-story.ts'

type Step = Omit<Exchange, 'id'>
type Change = (step: Step) => Step | undefined

const checks = new Map(guides.flatMap((guide) => guide.checks).map((check) => [check.id, check]))
const found = (start: string): string[] => [...checks.keys()].filter((id) => id.startsWith(start))
const codes = (start: string, steps: readonly Step[], scene: Scene): string[] =>
  found(start).map((id) => {
    const check = checks.get(id)
    return check ? verdictOf(check, transcriptOf(...steps), scene).code : 'unknown'
  })

/** Steps made by that move whose URL has that text. */
const at =
  (move: string, part: string, change: Change): ((steps: readonly Step[]) => Step[]) =>
  (steps) =>
    steps.flatMap((step) => (step.move === move && step.request.url.includes(part) ? (change(step) ?? []) : [step]))
const everywhere =
  (change: (text: string) => string): ((steps: readonly Step[]) => Step[]) =>
  (steps) =>
    steps.map((step) =>
      step.response ? { ...step, response: { ...step.response, body: change(step.response.body) } } : step,
    )
const both =
  (...changes: ((steps: readonly Step[]) => Step[])[]): ((steps: readonly Step[]) => Step[]) =>
  (steps) =>
    changes.reduce<Step[]>((now, change) => change(now), [...steps])

const gone: Change = () => undefined
const answered =
  (more: Partial<NonNullable<Exchange['response']>>): Change =>
  (step) =>
    step.response ? { ...step, response: { ...step.response, ...more } } : step
const body =
  (change: (text: string) => string): Change =>
  (step) =>
    answered({ body: change(step.response?.body ?? '') })(step)
const says = (value: unknown): Change => answered({ body: typeof value === 'string' ? value : JSON.stringify(value) })
const header =
  (name: string, value: string | undefined): Change =>
  (step) =>
    answered({
      headers: [
        ...(step.response?.headers ?? []).filter(([n]) => n.toLowerCase() !== name),
        ...(value === undefined ? [] : [[name, value] as const]),
      ],
    })(step)
const asked =
  (name: string, value: string | undefined): Change =>
  (step) => ({
    ...step,
    request: {
      ...step.request,
      headers: [
        ...step.request.headers.filter(([n]) => n.toLowerCase() !== name),
        ...(value === undefined ? [] : [[name, value] as const]),
      ],
    },
  })
const json = (change: (value: Record<string, unknown>) => void): Change =>
  body((text) => {
    const value = JSON.parse(text) as Record<string, unknown>
    change(value)
    return JSON.stringify(value)
  })
const without = (text: string, part: string): string =>
  text
    .split('\n')
    .filter((line) => !line.includes(part))
    .join('\n')
/** Entries of Bundles whose text has that part. */
const dropEntries = (part: string): Change =>
  json((bundle) => {
    bundle.entry = (bundle.entry as object[]).filter((entry) => !JSON.stringify(entry).includes(part))
  })
const status = (code: number, value: unknown = outcome()): Change =>
  answered({ status: code, body: JSON.stringify(value) })

const met: readonly string[] =
  `PDEX-001 PDEX-002 PDEX-004 PDEX-007 PDEX-009 PDEX-022/claims-between PDEX-033 PDEX-034 PDEX-037 PDEX-039
  PDEX-062 PDEX-063 PDEX-064 PDEX-066 PDEX-069 PDEX-070 PDEX-074 PDEX-075 PDEX-078 PDEX-105 PDEX-125 PDEX-126 PDEX-128 PDEX-130
  PDEX-132 PDEX-134 PDEX-135 PDEX-139 PDEX-328 PDEX-329 PDEX-330 PDEX-333 PDEX-335 PDEX-339 PDEX-344 PDEX-370 PDEX-374 PDEX-375
  PDEX-376 PDEX-439 PDEX-464 PDEX-465 PDEX-466 PDEX-467 PDEX-468 PDEX-469 PDEX-470 PDEX-471 PDEX-472 PDEX-476 PDEX-477 HREX-032
  HREX-058 HREX-064 HREX-065 BULK-002 BULK-010 BULK-011 BULK-014 BULK-015/the-client BULK-016 BULK-019 BULK-021 BULK-033 BULK-038
  BULK-050 BULK-051 BULK-052 BULK-053 BULK-057 BULK-058 BULK-059 BULK-070 BULK-071 BULK-072 BULK-073 BULK-074 BULK-075 BULK-076
  BULK-079 BULK-080 BULK-081 BULK-085 BULK-086 BULK-089 BULK-090 BULK-095 BULK-096 BULK-098 CORE-001 CORE-002 CORE-010/a-read
  CORE-011 CORE-020 CORE-021 CORE-031 CORE-032 CORE-033 CORE-034 CORE-035 CORE-037 CORE-038 CORE-050 CORE-051
  CORE-053/everything-returns CORE-056 CORE-061`.split(/\s+/)

/** What goes wrong, and the checks that must say so. */
const wrong: readonly (readonly [
  title: string,
  change: (steps: readonly Step[]) => Step[],
  starts: string,
  scene?: Partial<Scene>,
])[] = [
  // the statement
  [
    'metadata is of FHIR R5',
    at(
      'metadata',
      '',
      json((s) => Object.assign(s, { fhirVersion: '5.0.0' })),
    ),
    'CORE-001 PDEX-001/the-server',
  ],
  [
    'metadata is a wish',
    at(
      'metadata',
      '',
      json((s) => Object.assign(s, { kind: 'requirements' })),
    ),
    'CORE-001',
  ],
  ['metadata is not there', at('metadata', '', status(404)), 'CORE-001'],
  [
    '$everything is not declared',
    at(
      'metadata',
      '',
      body((text) => text.replace('"name":"everything"', '"name":"nothing"').replace('Patient-everything', 'x')),
    ),
    'PDEX-002 CORE-056',
  ],
  [
    'Conditions are not declared',
    at(
      'metadata',
      '',
      body((text) => text.replace('"type":"Condition"', '"type":"Flag"')),
    ),
    'PDEX-002 CORE-056',
  ],
  [
    'the export is not declared',
    at(
      'metadata',
      '',
      body((text) => text.replace('"name":"export"', '"name":"other"').replace('patient-export', 'x')),
    ),
    'BULK-098 PDEX-002',
  ],
  [
    'bulk-data is not instantiated',
    at(
      'metadata',
      '',
      body((text) => text.replace('bulk-data', 'x')),
    ),
    'BULK-098',
  ],
  [
    'member-match has another definition',
    at(
      'metadata',
      '',
      body((text) => text.replace('OperationDefinition/member-match', 'OperationDefinition/x')),
    ),
    'PDEX-344',
  ],
  [
    'only Patient has a profile',
    at(
      'metadata',
      '',
      body((text) =>
        text.replaceAll(/us-core-(?!patient)[a-z]+/g, 'x').replaceAll('/us/core/StructureDefinition/x', '/x'),
      ),
    ),
    'PDEX-328',
  ],
  [
    'vread answers with another version',
    at(
      'vread',
      '',
      body((text) => text.replace('"versionId":"1"', '"versionId":"2"')),
    ),
    'PDEX-004 PDEX-034',
  ],
  [
    'the history is a searchset',
    at(
      'history',
      '',
      body((text) => text.replace('"history"', '"searchset"')),
    ),
    'PDEX-004',
  ],
  // reading
  [
    'a read gives another resource',
    at(
      'read',
      'Condition/c1',
      body((text) => text.replace('"id":"c1"', '"id":"c9"')),
    ),
    'CORE-010/a-read-returns',
  ],
  [
    'an unknown id is found',
    at('read', 'Condition/none', answered({ status: 200, body: '{"resourceType":"Condition","id":"none"}' })),
    'CORE-010/a-read-of-an-unknown PDEX-335',
  ],
  ['ETag is of another version', at('read', 'Condition/c1', header('etag', 'W/"7"')), 'CORE-011'],
  [
    'Last-Modified is now',
    at('read', 'Condition/c1', header('last-modified', 'Mon, 02 Mar 2026 15:00:00 GMT')),
    'CORE-011',
  ],
  [
    'a resource comes as application/json',
    at('search', 'Condition?patient=ana', header('content-type', 'application/json')),
    'CORE-002 PDEX-329',
  ],
  [
    'a resource comes as text',
    at('read', 'Condition/c1', header('content-type', 'text/html')),
    'CORE-002 PDEX-329 PDEX-330',
  ],
  ['JSON is refused', at('search', 'Observation', status(406)), 'PDEX-330'],
  [
    'without a token the Patient is given',
    at('read', 'Patient/ana', (step) =>
      step.intent.mistake ? answered({ status: 200, body: JSON.stringify(patient) })(step) : step,
    ),
    'PDEX-333 HREX-058/without',
  ],
  ['an error has no body', at('read', 'Condition/none', answered({ body: '' })), 'CORE-020'],
  [
    'an error is told as information',
    at('read', 'Condition/none', says(outcome('not-found', 'information'))),
    'CORE-020',
  ],
  ['an error has a code of its own', at('read', 'Condition/none', says(outcome('oops'))), 'CORE-020'],
  [
    'an error shows the stack',
    at(
      'read',
      'Condition/none',
      body((text) => text.replace('"no"', '"boom\\n    at Object.read (/srv/app/routes/read.js:10:3)"')),
    ),
    'CORE-021',
  ],
  [
    'an error names another member',
    at(
      'search',
      'patient=iris',
      body((text) => text.replace('"no"', '"this is UMB-IRIS-9"')),
    ),
    'CORE-021',
  ],
  // searching
  [
    'a search is a collection',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace('"searchset"', '"collection"')),
    ),
    'CORE-031 PDEX-329',
  ],
  ['an empty search is 404', at('search', 'Observation', status(404)), 'CORE-031 PDEX-127/each'],
  [
    'there is no self link',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace('"self"', '"first"')),
    ),
    'CORE-032',
  ],
  [
    'the self link is relative',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace(/"url":"https:\/\/old.example\/fhir\/Condition\?/, '"url":"Condition?')),
    ),
    'CORE-032',
  ],
  [
    'the self link leaves the patient out',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace(/Condition\?patient=ana&/, 'Condition?')),
    ),
    'CORE-032',
  ],
  [
    'fullUrl is relative',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace('"fullUrl":"https://old.example/fhir/', '"fullUrl":"')),
    ),
    'CORE-033',
  ],
  [
    'fullUrl is of another resource',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace('fhir/Condition/c1"', 'fhir/Condition/c7"')),
    ),
    'CORE-033',
  ],
  [
    'an entry comes twice',
    at(
      'search',
      'Condition?patient=ana',
      json((bundle) => (bundle.entry as object[]).push((bundle.entry as object[])[0] as object)),
    ),
    'CORE-033',
  ],
  [
    'modes are missing',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replaceAll('"mode":"match"', '"mode":""')),
    ),
    'CORE-034',
  ],
  [
    'total counts includes',
    at(
      'search',
      'Condition?patient=ana',
      body((text) => text.replace('"total":2', '"total":4')),
    ),
    'CORE-035',
  ],
  [
    'an unrelated resource is included',
    at(
      'search',
      'Condition?patient=ana',
      json((bundle) =>
        (bundle.entry as object[]).push({
          fullUrl: 'https://old.example/fhir/Organization/x',
          resource: { resourceType: 'Organization', id: 'x' },
          search: { mode: 'include' },
        }),
      ),
    ),
    'CORE-050',
  ],
  [
    'Provenance of something else is included',
    at(
      'search',
      'Observation',
      json((bundle) =>
        (bundle.entry as object[]).push({
          fullUrl: 'https://old.example/fhir/Provenance/px',
          resource: provenanceOf('px', ['Flag/f'], {}),
          search: { mode: 'include' },
        }),
      ),
    ),
    'CORE-051',
  ],
  ['_revinclude is refused', at('search', 'Condition?patient=ana', status(400)), 'CORE-051 PDEX-070 PDEX-439'],
  [
    '_revinclude is passed over',
    at('search', 'Condition?patient=ana', dropEntries('"Provenance"')),
    'PDEX-070 PDEX-439',
  ],
  [
    'a next link goes in a circle',
    at(
      'everything-page',
      '',
      json((bundle) =>
        Object.assign(bundle, { link: [{ relation: 'next', url: 'https://old.example/fhir/Patient/_everything/2' }] }),
      ),
    ),
    'CORE-037',
  ],
  ['the next page is no Bundle', at('everything-page', '', says(outcome())), 'CORE-037'],
  [
    'a match is on two pages',
    at(
      'everything-page',
      '',
      json((bundle) =>
        (bundle.entry as object[]).push({
          fullUrl: 'https://old.example/fhir/Patient/ana',
          resource: patient,
          search: { mode: 'match' },
        }),
      ),
    ),
    'CORE-037',
  ],
  [
    'the client builds a link',
    at('everything-page', '', (step) => ({ ...step, request: { ...step.request, url: `${step.request.url}?page=2` } })),
    'CORE-038',
  ],
  // everything
  [
    '$everything is a collection',
    at(
      'everything',
      '',
      body((text) => text.replace('"searchset"', '"collection"')),
    ),
    'CORE-053/everything-returns PDEX-128',
  ],
  ['$everything is not there', at('everything', '', status(404)), 'CORE-053/everything-returns PDEX-128'],
  [
    '$everything holds another patient',
    at(
      'everything-page',
      '',
      body((text) =>
        text.replace('"beneficiary":{"reference":"Patient/ana"}', '"beneficiary":{"reference":"Patient/iris"}'),
      ),
    ),
    'CORE-053/everything-returns HREX-058/no-answer',
  ],
  ['$everything drops a claim', at('everything-page', '', dropEntries('"use":"claim"')), 'PDEX-130 PDEX-132 PDEX-126'],
  [
    '$everything drops an authorization',
    at('everything-page', '', dropEntries('"use":"preauthorization"')),
    'PDEX-130 PDEX-126',
  ],
  [
    '$everything leaves an Organization out',
    both(at('everything-page', '', dropEntries('"resourceType":"Organization"'))),
    'PDEX-139',
    {
      person: {
        ...(anaScene().person as object),
        record: [{ resourceType: 'Organization', id: 'old-plan' }, ...(anaScene().person?.record ?? [])],
      } as never,
    },
  ],
  ['a record is lost from search', at('search', 'Condition?patient=ana', dropEntries('Condition/c2"')), 'PDEX-126'],
  [
    'a record is lost from the export',
    at('export-file', '/Observation', (step) => answered({ body: '' })(step)),
    'PDEX-126',
  ],
  [
    'a record is lost everywhere',
    everywhere((text) =>
      text.startsWith('{"resourceType":"Bundle"')
        ? JSON.stringify({
            ...JSON.parse(text),
            entry: (JSON.parse(text).entry ?? []).filter((e: object) => !JSON.stringify(e).includes('"id":"o1"')),
          })
        : without(text, '"id":"o1"'),
    ),
    'PDEX-126/each-method',
  ],
  [
    'claims come where only authorizations should',
    (steps) => [...steps],
    'PDEX-133',
    { editions: { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '6.1.0' } },
  ],
  // rights
  [
    'a claim is shown to whom it is not for',
    (steps) => [...steps],
    'PDEX-129 PDEX-136 PDEX-137/what BULK-005',
    { permissions: { claims: false, priorAuthorizations: true } },
  ],
  [
    'an authorization is shown to whom it is not for',
    (steps) => [...steps],
    'PDEX-129 PDEX-136 PDEX-137/what',
    { permissions: { claims: true, priorAuthorizations: false } },
  ],
  ['a sensitive record is shown', (steps) => [...steps], 'PDEX-129 PDEX-136 PDEX-137/what', { policy: 'regular' }],
  [
    'another member is found',
    at(
      'search',
      'patient=iris',
      answered({
        status: 200,
        body: JSON.stringify(
          searchset([{ resourceType: 'Condition', id: 'i1', subject: { reference: 'Patient/iris' } }]),
        ),
      }),
    ),
    'HREX-058',
  ],
  [
    'a file holds another member',
    at(
      'export-file',
      '/Condition',
      body((text) => text + text.replaceAll('Patient/ana', 'Patient/iris').replaceAll('"c1"', '"i1"')),
    ),
    'HREX-058/no-answer PDEX-135',
  ],
  [
    'an answer names another member',
    at(
      'everything-page',
      '',
      body((text) => text.replace('"MBR-000001"', '"COND-IRIS-1"')),
    ),
    'HREX-058/no-answer',
  ],
  // the client
  ['nobody looks at metadata', at('metadata', '', gone), 'PDEX-105'],
  [
    'the match token is used',
    at('search', 'Condition?patient=ana', asked('authorization', 'Bearer other')),
    'PDEX-125',
  ],
  [
    'the patient is asked for without an id',
    at('search', 'Condition?patient=ana', (step) => ({
      ...step,
      request: { ...step.request, url: step.request.url.replace('patient=ana', 'patient=') },
    })),
    'PDEX-339',
  ],
  [
    'the card has no member id',
    at('member-match', '', (step) => ({
      ...step,
      request: { ...step.request, body: step.request.body.replace('"subscriberId":"MBR-000001",', '') },
    })),
    'PDEX-037',
  ],
  ['the client stops at the first page', at('everything-page', '', gone), 'PDEX-007 HREX-032 CORE-061'],
  // provenance
  [
    'nobody says who sent it',
    everywhere((text) => text.replaceAll('"transmitter"', '"enterer"')),
    'PDEX-069 PDEX-075 PDEX-078',
  ],
  [
    'another organization sent it',
    everywhere((text) =>
      text.replaceAll('"who":{"reference":"Organization/old-plan"}', '"who":{"reference":"Practitioner/dr-day"}'),
    ),
    'PDEX-075',
  ],
  [
    'the transmitter is about something else',
    at(
      'everything-page',
      '',
      body((text) =>
        text.replace(
          /"id":"s-everything",("meta":\{[^}]*\}),"target":\[[^\]]*\]/,
          '"id":"s-everything",$1,"target":[{"reference":"Flag/f"}]',
        ),
      ),
    ),
    'PDEX-078',
  ],
  ['there is no origin', everywhere((text) => text.replaceAll('"author"', '"verifier"')), 'PDEX-062 PDEX-063'],
  [
    'an origin is about one record only',
    everywhere((text) => text.replaceAll('{"reference":"Condition/c2"},', '')),
    'PDEX-063',
  ],
  ['no source format is told', everywhere((text) => text.replaceAll('ProvenanceSourceFrom', 'x')), 'PDEX-064 PDEX-066'],
  ['recorded is missing', everywhere((text) => text.replaceAll('"recorded":"2025-06-01T10:00:00Z",', '')), 'PDEX-066'],
  ['a claim came as a C-CDA', everywhere((text) => text.replaceAll('"x12837"', '"hl7ccda"')), 'PDEX-074'],
  ['a source format is unknown', everywhere((text) => text.replaceAll('"hl7fhirr4"', '"fax"')), 'PDEX-476'],
  [
    'a device is the agent',
    everywhere((text) =>
      text.replaceAll('"who":{"reference":"Practitioner/dr-day"}', '"who":{"reference":"Device/d"}'),
    ),
    'PDEX-476',
  ],
  [
    'the source format is a string',
    everywhere((text) =>
      text.replaceAll(
        /"valueCodeableConcept":(\{"coding":\[\{"system":"[^"]*ProvenancePayerDataSource[^}]*\}\]\})/g,
        '"valueString":"x"',
      ),
    ),
    'PDEX-477',
  ],
  [
    'the source format stands on the agent',
    everywhere((text) =>
      text.replaceAll(
        '"agent":[{',
        '"agent":[{"extension":[{"url":"http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/ProvenanceSourceFrom","valueCodeableConcept":{}}],',
      ),
    ),
    'PDEX-477',
  ],
  ['an organization entered the data', everywhere((text) => text.replaceAll('"transmitter"', '"enterer"')), 'HREX-064'],
  [
    'a relative acts for the patient',
    everywhere((text) =>
      text.replaceAll(
        '"who":{"reference":"Practitioner/dr-day"},"onBehalfOf":{"reference":"Organization/old-plan"}',
        '"who":{"reference":"RelatedPerson/r"},"onBehalfOf":{"reference":"Patient/ana"}',
      ),
    ),
    'HREX-065',
  ],
  // payload, element by element
  [
    'a claim carries amounts',
    everywhere((text) => text.replaceAll('"use":"claim"', '"use":"claim","total":[{"amount":{"value":1}}]')),
    'PDEX-022/claims-between',
  ],
  [
    'an authorization names no profile',
    everywhere((text) => text.replaceAll('pdex-priorauthorization', 'x')),
    'PDEX-464',
  ],
  [
    'an authorization is a claim',
    everywhere((text) => text.replaceAll('"use":"preauthorization"', '"use":"predetermination"')),
    'PDEX-465',
  ],
  [
    'an adjudication is of an unknown kind',
    everywhere((text) => text.replaceAll('"allowedunits"', '"innetwork"')),
    'PDEX-466',
  ],
  [
    'allowed units have no value',
    everywhere((text) => text.replaceAll(/"code":"allowedunits"\}\]\},"value":2/g, '"code":"allowedunits"}]}')),
    'PDEX-466',
  ],
  [
    'a denial has a local reason',
    everywhere((text) => text.replaceAll('https://x12.org/codes/claim-adjustment-reason-codes', 'https://local')),
    'PDEX-467',
  ],
  [
    'an item is named by NDC',
    everywhere((text) => text.replaceAll('http://www.ama-assn.org/go/cpt', 'http://hl7.org/fhir/sid/ndc')),
    'PDEX-468',
  ],
  [
    'an item has a local category',
    everywhere((text) => text.replaceAll('https://x12.org/codes/service-type-codes', 'https://local')),
    'PDEX-469',
  ],
  [
    'the provider is a patient',
    everywhere((text) =>
      text.replaceAll('"provider":{"reference":"Practitioner/dr-day"}', '"provider":{"reference":"RelatedPerson/r"}'),
    ),
    'PDEX-470',
  ],
  [
    'a review action is plain',
    everywhere((text) => text.replaceAll('"url":"number","valueString":"AUTH1"', '"url":"number","valueInteger":1')),
    'PDEX-471',
  ],
  [
    'a review action has a local code',
    everywhere((text) => text.replaceAll('https://codesystem.x12.org/005010/306', 'https://local')),
    'PDEX-471',
  ],
  [
    'utilization is a string',
    everywhere((text) => text.replaceAll('"valueQuantity":{"value":1}', '"valueString":"1"')),
    'PDEX-472',
  ],
  ['the member number has no type', everywhere((text) => text.replaceAll('"code":"MB"', '"code":"PI"')), 'PDEX-039'],
  [
    'the Patient has a Social Security Number',
    everywhere((text) => text.replaceAll('https://old.example/members', 'http://hl7.org/fhir/sid/us-ssn')),
    'PDEX-376',
  ],
  [
    'no Organization has an NPI',
    everywhere((text) => text.replaceAll('http://hl7.org/fhir/sid/us-npi', 'https://x')),
    'PDEX-375',
  ],
  [
    'an Observation has no value',
    everywhere((text) => text.replaceAll('"valueQuantity":{"value":6.1,"unit":"%"}', '"note":[]')),
    'PDEX-374 PDEX-009',
  ],
  [
    'Conditions do not say when',
    everywhere((text) => text.replaceAll('"recordedDate":"2020-02-03"', '"x":"y"')),
    'PDEX-370',
  ],
  ['an element is empty', everywhere((text) => text.replaceAll('"family":"Adams"', '"family":""')), 'PDEX-009'],
  // export
  ['the kick-off is 200', at('export-kick-off', '', answered({ status: 200 })), 'BULK-010 BULK-011 BULK-016 PDEX-134'],
  [
    'Content-Location is relative',
    at('export-kick-off', '', header('content-location', '/fhir/_export/1')),
    'BULK-016',
  ],
  ['the client does not prefer to wait', at('export-kick-off', '', asked('prefer', undefined)), 'BULK-015/the-client'],
  ['the client accepts anything', at('export-kick-off', '', asked('accept', undefined)), 'BULK-014'],
  [
    'the token came by a code',
    at('member-token', '', (step) => ({
      ...step,
      request: { ...step.request, body: 'grant_type=authorization_code' },
    })),
    'BULK-002',
  ],
  [
    'a running export is 200',
    at('export-status', '', (step) =>
      step.response?.status === 202 ? answered({ status: 200, body: '{"state":"running"}' })(step) : step,
    ),
    'BULK-050',
  ],
  [
    'X-Progress is a novel',
    at('export-status', '', (step) =>
      step.response?.status === 202 ? header('x-progress', 'x'.repeat(120))(step) : step,
    ),
    'BULK-051',
  ],
  [
    'Retry-After is a word',
    at('export-status', '', (step) => (step.response?.status === 202 ? header('retry-after', 'soon')(step) : step)),
    'BULK-052',
  ],
  [
    'the client does not wait',
    at('export-status', '', (step) => (step.at.includes(':05.') ? { ...step, at: '2026-03-02T15:00:01.000Z' } : step)),
    'BULK-053',
  ],
  ['the manifest is FHIR', at('export-status', '', header('content-type', 'application/fhir+json')), 'BULK-058'],
  ['the manifest never expires', at('export-status', '', header('expires', undefined)), 'BULK-059'],
  ['the manifest had expired', at('export-status', '', header('expires', 'Sun, 01 Mar 2026 16:00:05 GMT')), 'BULK-059'],
  [
    'the manifest has no errors',
    at(
      'export-status',
      '',
      body((text) => text.replace(',"error":[]', '')),
    ),
    'BULK-070 BULK-079',
  ],
  [
    'transactionTime is a day',
    at(
      'export-status',
      '',
      body((text) => text.replace('2026-03-02T15:00:00Z', '2026-03-02')),
    ),
    'BULK-071',
  ],
  [
    'transactionTime is long ago',
    at(
      'export-status',
      '',
      body((text) => text.replace('2026-03-02T15:00:00Z', '2020-03-02T15:00:00Z')),
    ),
    'BULK-071',
  ],
  [
    'request is another',
    at(
      'export-status',
      '',
      body((text) =>
        text.replace(
          '"request":"https://old.example/fhir/Patient/$export"',
          '"request":"https://old.example/fhir/$export"',
        ),
      ),
    ),
    'BULK-072',
  ],
  [
    'requiresAccessToken is a word',
    at(
      'export-status',
      '',
      body((text) => text.replace('"requiresAccessToken":true', '"requiresAccessToken":"true"')),
    ),
    'BULK-073',
  ],
  [
    'a token is shown where the manifest asks for none',
    at(
      'export-status',
      '',
      body((text) => text.replace('"requiresAccessToken":true', '"requiresAccessToken":false')),
    ),
    'BULK-087',
  ],
  [
    'an output is relative',
    at(
      'export-status',
      '',
      body((text) =>
        text.replace('"url":"https://old.example/fhir/_export/1/Patient"', '"url":"/fhir/_export/1/Patient"'),
      ),
    ),
    'BULK-074',
  ],
  [
    'a file is mixed',
    at(
      'export-file',
      '/Patient',
      body((text) => `${text}{"resourceType":"Flag","id":"f"}\n`),
    ),
    'BULK-074 BULK-076',
  ],
  [
    'an empty file is listed',
    both(
      at('export-file', '/Coverage', says('')),
      at('export-status', '', (s) => s),
    ),
    'BULK-075 BULK-076',
  ],
  ['a file is lost', at('export-file', '/Coverage', status(404)), 'BULK-080'],
  ['a file is plain NDJSON', at('export-file', '/Coverage', header('content-type', 'application/ndjson')), 'BULK-085'],
  [
    'a file is asked for without the token',
    at('export-file', '/Coverage', asked('authorization', undefined)),
    'BULK-086',
  ],
  [
    'a file is an array',
    at(
      'export-file',
      '/Condition',
      body((text) => `[${text.trim().split('\n').join(',')}]`),
    ),
    'BULK-089',
  ],
  [
    'a file is pretty',
    at(
      'export-file',
      '/Patient',
      body((text) => JSON.stringify(JSON.parse(text), null, 2)),
    ),
    'BULK-089',
  ],
  [
    'a resource is given twice',
    at(
      'export-file',
      '/Condition',
      body((text) => text + text),
    ),
    'BULK-090',
  ],
  [
    'Binary is exported',
    at(
      'export-file',
      '/Coverage',
      body((text) => `${text}{"resourceType":"Binary","id":"b"}\n`),
    ),
    'BULK-019',
  ],
  [
    'Provenance is left out',
    at(
      'export-status',
      '',
      body((text) => text.replace(/,\{"type":"Provenance"[^}]*\}/, '')),
    ),
    'BULK-038 BULK-033',
  ],
  [
    'an error file holds data',
    both(
      at(
        'export-status',
        '',
        body((text) =>
          text.replace(
            '"error":[]',
            '"error":[{"type":"OperationOutcome","url":"https://old.example/fhir/_export/1/Coverage"}]',
          ),
        ),
      ),
    ),
    'BULK-079',
  ],
  [
    'extension is a list',
    at(
      'export-status',
      '',
      body((text) => text.replace('"extension":{}', '"extension":[]')),
    ),
    'BULK-081',
  ],
  ['deletion is 200', at('export-delete', '', answered({ status: 200 })), 'BULK-095'],
  [
    'a deleted export lives',
    at('export-status', '', (step) =>
      step.response?.status === 404 ? answered({ status: 202, body: '' })(step) : step,
    ),
    'BULK-096',
  ],
  [
    'a deleted export is gone in silence',
    at('export-status', '', (step) => (step.response?.status === 404 ? answered({ body: '' })(step) : step)),
    'BULK-096',
  ],
]

/** Another way that is as good: nothing may be said against it. */
const legal: readonly (readonly [
  title: string,
  change: (steps: readonly Step[]) => Step[],
  starts: string,
  scene?: Partial<Scene>,
])[] = [
  [
    'a foreign search is empty',
    at('search', 'patient=iris', answered({ status: 200, body: JSON.stringify(searchset([])) })),
    'HREX-058',
  ],
  ['a foreign search is 404', at('search', 'patient=iris', status(404)), 'HREX-058'],
  [
    '403 without a token under US Core 6.1',
    at('read', 'Patient/ana', (step) => (step.intent.mistake ? status(403)(step) : step)),
    'PDEX-333',
  ],
  [
    'no total',
    at(
      'search',
      '',
      body((text) => text.replace(/"total":\d+,/, '')),
    ),
    'CORE-031 CORE-033 PDEX-126',
  ],
  [
    'Retry-After is a date',
    at('export-status', '', (step) =>
      step.response?.status === 202 ? header('retry-after', 'Mon, 02 Mar 2026 15:00:05 GMT')(step) : step,
    ),
    'BULK-052 BULK-053',
  ],
  [
    'no counts in the manifest',
    at(
      'export-status',
      '',
      body((text) => text.replaceAll(/,"count":\d+/g, '')),
    ),
    'BULK-070 BULK-074',
  ],
  ['the deletion marks of ETag are strong', at('read', 'Condition/c1', header('etag', '"1"')), 'CORE-011'],
  ['a server without versions', everywhere((text) => text.replaceAll('"versionId":"1",', '')), 'CORE-011 PDEX-126'],
  [
    'the operation is named patient-export',
    at(
      'metadata',
      '',
      body((text) => text.replace('"name":"export"', '"name":"patient-export"')),
    ),
    'PDEX-002 BULK-098',
  ],
  [
    'a record older than five years is left out',
    (steps) => [...steps],
    'PDEX-126/each-method',
    {
      person: {
        ...(anaScene().person as object),
        record: [
          ...(anaScene().person?.record ?? []),
          {
            resourceType: 'Observation',
            id: 'old',
            subject: { reference: 'Patient/ana' },
            effectiveDateTime: '2019-01-01',
          },
        ],
      } as never,
    },
  ],
  [
    'the payer is told by identifier',
    everywhere((text) =>
      text.replaceAll(
        '"who":{"reference":"Organization/old-plan"}',
        '"who":{"identifier":{"system":"urn:oid:2.16.840.1.113883.6.300","value":"11111"}}',
      ),
    ),
    'PDEX-069 PDEX-075 PDEX-078',
  ],
  [
    'claims are left out of $everything under PDex 2.1',
    both(at('everything-page', '', dropEntries('"use":"claim"'))),
    'PDEX-126 PDEX-133',
    { editions: { pdex: '2.1.0', hrex: '1.1.0', 'us-core': '6.1.0' } },
  ],
  [
    'claims are kept back where they must be',
    both(
      at('everything-page', '', dropEntries('"use":"claim"')),
      at('search', 'ExplanationOfBenefit', dropEntries('"use":"claim"')),
      at(
        'export-file',
        '/ExplanationOfBenefit',
        body((text) => without(text, '"use":"claim"')),
      ),
    ),
    'PDEX-126 PDEX-129 PDEX-136 PDEX-137/what BULK-005',
    { permissions: { claims: false, priorAuthorizations: true } },
  ],
  [
    'a Basis profile with a version',
    everywhere((text) =>
      text
        .replaceAll('NonClinician-Basis"', 'NonClinician-Basis|2.1.0"')
        .replaceAll('pdex-priorauthorization"', 'pdex-priorauthorization|2.0.0"'),
    ),
    'PDEX-464 PDEX-022/claims-between',
  ],
  [
    'units and amounts beside each other',
    everywhere((text) =>
      text.replaceAll(
        '"category":{"coding":[{"system":"http://hl7.org/fhir/us/davinci-pdex/CodeSystem/PDexAdjudicationDiscriminator","code":"allowedunits"}]},"value":2',
        '"category":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/adjudication","code":"submitted"}]},"amount":{"value":2}',
      ),
    ),
    'PDEX-466',
  ],
  [
    'an Observation says why it has no value',
    everywhere((text) =>
      text.replaceAll('"valueQuantity":{"value":6.1,"unit":"%"}', '"dataAbsentReason":{"text":"x"}'),
    ),
    'PDEX-374 PDEX-009',
  ],
]

const rows = (starts: string): string[] => starts.split(' ')

describe('a retrieval that goes well', () => {
  it.each(met)('meets %s', (start) => {
    expect(found(start).length, start).toBeGreaterThan(0)
    for (const code of codes(start, story(), anaScene())) expect(['pass', 'skip']).toContain(code)
    expect(codes(start, story(), anaScene())).toContain('pass')
  })
  it('needs no knowledge of the record to compare the methods with each other', () => {
    expect(codes('PDEX-126/search', story(), sceneOf())).toEqual(['pass'])
    expect(codes('PDEX-126/each-method', story(), sceneOf())).toEqual(['skip'])
  })
})

const told = (table: typeof wrong) => table.map(([title, change, starts, scene]) => ({ title, change, starts, scene }))

describe('one thing goes wrong:', () => {
  it.each(told(wrong))('$title', ({ change, starts, scene }) => {
    for (const start of rows(starts)) {
      const severe = found(start).flatMap((id) => {
        const check = checks.get(id)
        return check ? verdictOf(check, transcriptOf(...change(story())), anaScene(scene)).findings : []
      })
      expect(
        severe.some(({ severity }) => severity !== 'information'),
        start,
      ).toBe(true)
    }
  })
})

describe('another way is as good:', () => {
  it.each(told(legal))('$title', ({ change, starts, scene }) => {
    for (const start of rows(starts)) {
      const given = codes(start, change(story()), anaScene(scene))
      expect(
        given.filter((code) => code === 'fail' || code === 'warning' || code === 'error'),
        start,
      ).toEqual([])
      expect(given, start).toContain('pass')
    }
  })
})

describe('what the story rests on', () => {
  it('has a claim, an authorization and a statement to spoil', () => {
    expect([claim.use, authorization.use, statement.resourceType]).toEqual([
      'claim',
      'preauthorization',
      'CapabilityStatement',
    ])
  })
})
