/** Ways to let another member's data slip into an answer that is otherwise right: never as an entry that anybody would count. */
import { gzipSync } from 'node:zlib'
import type { Organization } from 'fhir/r4.js'
import type { Fault } from './fault.ts'
import {
  foreign,
  foreignPath,
  foreignRemark,
  inBundle,
  inFirst,
  inHeader,
  leak,
  remark,
  successes,
} from './leak-marks.ts'
import { links, type Manifest, misanswer, recast, rewritten, rows, strayEntry } from './spoiling.ts'

const rights = ['HREX-058'] as const
const base64url = (text: string): string => Buffer.from(text).toString('base64url')
const narrative = (text: string) => ({
  status: 'additional' as const,
  div: `<div xmlns="http://www.w3.org/1999/xhtml"><p>${text}</p></div>`,
})

/** Where in a resource. */
const inElements: readonly Fault[] = [
  leak(
    'foreign-display',
    'The display of a reference was written for another member before',
    rows.search,
    rights,
    inFirst('Observation', foreignRemark, (observation, text) => {
      observation.subject = { ...observation.subject, display: `Member ${text}` }
    }),
  ),
  leak(
    'foreign-contained',
    'A resource contains what another member has said of a relative',
    rows.everything,
    rights,
    inFirst('Encounter', foreignRemark, (encounter, text) => {
      const ward: Organization = { resourceType: 'Organization', id: 'left-over', name: `Ward of ${text}` }
      encounter.contained = [ward]
    }),
  ),
  leak(
    'foreign-narrative',
    "The narrative of a Condition is another member's, with characters escaped for HTML",
    rows.search,
    rights,
    inFirst('Condition', foreignRemark, (condition, text) => {
      condition.text = narrative(text.replaceAll('-', '&#45;'))
    }),
  ),
  leak(
    'foreign-provenance-display',
    'The target of a Provenance is displayed by the record number of another member',
    rows.everything,
    rights,
    inFirst('Provenance', foreignRemark, (provenance, text) => {
      provenance.target = provenance.target.map((target) => ({ ...target, display: text }))
    }),
  ),
  leak(
    'foreign-extension',
    'An extension of a Coverage names another member of the household',
    rows.search,
    rights,
    inFirst('Coverage', foreignPath, (coverage, text) => {
      coverage.extension = [
        ...(coverage.extension ?? []),
        { url: 'https://old-plan.example/household', valueString: text.replace(/^.*\//, '') },
      ]
    }),
  ),
  leak(
    'foreign-tag',
    'A tag tells from which record the resource was copied',
    rows.search,
    rights,
    inFirst('Encounter', foreignPath, (encounter, text) => {
      encounter.meta = { ...encounter.meta, tag: [{ system: 'https://old-plan.example/copied-from', code: text }] }
    }),
  ),
  leak(
    'foreign-attachment',
    'A document has a second attachment in base64, which is of another member',
    rows.search,
    rights,
    inFirst('DocumentReference', foreignRemark, (document, text) => {
      const data = Buffer.from(`Note. ${text}\n`).toString('base64')
      document.content = [...document.content, { attachment: { contentType: 'text/plain', data } }]
    }),
  ),
  leak(
    'foreign-packed-attachment',
    'A document has a second attachment, packed and in base64, which is of another member',
    rows.file,
    rights,
    inFirst('DocumentReference', foreignRemark, (document, text) => {
      const data = gzipSync(`Note. ${text}\n`).toString('base64')
      document.content = [...document.content, { attachment: { contentType: 'application/gzip', data } }]
    }),
  ),
  leak(
    'foreign-line-of-export',
    'In a file of the export, and nowhere else, a note of another member stands on an Encounter',
    rows.file,
    rights,
    inFirst('Encounter', foreignRemark, (encounter, text) => {
      encounter.reasonCode = [...(encounter.reasonCode ?? []), { text }]
    }),
  ),
]

/** In what surrounds the resources. */
const inBundles: readonly Fault[] = [
  leak(
    'foreign-link',
    'A Bundle links to a record of another member',
    rows.search,
    rights,
    inBundle(foreignPath, (bundle, text, { state }) => {
      bundle.link = [...links(bundle), { relation: 'related', url: `${state.base}/fhir/${text}` }]
    }),
  ),
  leak(
    'foreign-cursor',
    'The next link carries, in base64, where the server is in a list of all members',
    rows.search,
    rights,
    inBundle(foreignPath, (bundle, text) => {
      for (const link of links(bundle))
        if (link.relation === 'next') link.url += `?at=${base64url(JSON.stringify({ after: text }))}`
    }),
  ),
  leak(
    'foreign-full-url',
    'The fullUrl of an entry carries the id that the record had for another member',
    rows.everything,
    rights,
    inBundle(foreignPath, (bundle, text) => {
      const entry = bundle.entry?.at(-1)
      if (entry?.fullUrl) entry.fullUrl += `?formerly=${encodeURIComponent(text)}`
    }),
  ),
  leak(
    'foreign-on-second-page',
    'The second page of $everything carries an OperationOutcome about another member',
    rows.everythingPage,
    rights,
    inBundle(foreignRemark, (bundle, text) => {
      const diagnostics = `merged while reading: ${text}`
      bundle.entry?.push({
        resource: {
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'information', code: 'informational', diagnostics }],
        },
        search: { mode: 'outcome' },
      })
    }),
  ),
  leak(
    'foreign-bundle-identifier',
    'The identifier of a Bundle is that of an answer to somebody else',
    rows.everything,
    rights,
    inBundle(foreignRemark, (bundle, text) => {
      bundle.identifier = { system: 'https://old-plan.example/answers', value: text }
    }),
  ),
  leak(
    'foreign-in-packed-body',
    'An answer that is packed with gzip holds an Encounter of another member',
    rows.search,
    rights,
    misanswer(async (answer, about) => {
      const stray = foreign(about, 'Encounter')
      if (about.visit.params.type !== 'Encounter' || answer.status !== 200 || !stray) return answer
      const bundle = (await answer.json()) as { entry?: object[] }
      bundle.entry = [...(bundle.entry ?? []), strayEntry(about.state, stray)]
      const headers = new Headers(answer.headers)
      headers.delete('content-length')
      headers.set('content-encoding', 'gzip')
      return new Response(gzipSync(JSON.stringify(bundle)), { status: 200, headers })
    }),
  ),
  leak(
    'foreign-in-document',
    'The content of a document ends with the note of another member',
    rows.binary,
    ['HREX-058'],
    misanswer(async (answer, about) => {
      const note = remark(foreign(about, 'DocumentReference'))
      if (answer.status !== 200 || !note) return answer
      if (/json/.test(answer.headers.get('content-type') ?? '')) {
        const binary = (await answer.json()) as { data?: string }
        const text = Buffer.from(binary.data ?? '', 'base64').toString()
        return recast(answer, JSON.stringify({ ...binary, data: Buffer.from(`${text}\n${note}`).toString('base64') }))
      }
      return recast(answer, `${await answer.text()}\n${note}\n`, { 'content-length': null })
    }),
  ),
]

const ofManifests = (change: (manifest: Manifest & { extension?: object }, text: string) => void) =>
  rewritten<Manifest>((body, about) => {
    const text = foreignPath(about)
    if (Array.isArray(body.output) && text) change(body, text)
    return body
  })

/** In an export, and in headers. */
const aroundAnswers: readonly Fault[] = [
  leak(
    'foreign-file-name',
    'The address of a file of an export names the record of another member that was written before it',
    rows.status,
    rights,
    ofManifests(({ output }, text) => {
      const [item] = output
      if (item) item.url += `?after=${text.replace(/^.*\//, '')}`
    }),
  ),
  leak(
    'foreign-manifest-extension',
    'The extension of a manifest lists the members of the batch in base64',
    rows.status,
    rights,
    ofManifests((manifest, text) => {
      manifest.extension = { 'https://old-plan.example/batch': { members: base64url(text) } }
    }),
  ),
  leak(
    'foreign-job-address',
    'The address of an export job names a member of the batch, percent-encoded',
    rows.kickOff,
    rights,
    misanswer(async (answer, about) => {
      const text = foreignPath(about)
      const location = answer.headers.get('content-location')
      if (answer.status !== 202 || !text || !location) return answer
      const coded = [...text].map((c) => `%${c.charCodeAt(0).toString(16)}`).join('')
      return recast(answer, await answer.text(), { 'content-location': `${location}?batch=${coded}` })
    }),
  ),
  leak(
    'foreign-progress',
    'X-Progress of a running export tells which member is being written',
    rows.status,
    rights,
    inHeader(
      'x-progress',
      foreignPath,
      (status) => status === 202,
      (text) => `writing ${text}`,
    ),
  ),
  leak(
    'foreign-file-header',
    'The header of a file names, in base64, the batch that it was cut from',
    rows.file,
    rights,
    inHeader('x-batch', foreignPath, successes, (text) => Buffer.from(`batch ${text}`).toString('base64')),
  ),
  leak(
    'foreign-etag',
    'The ETag of a read is that of a record of another member',
    rows.search,
    rights,
    inHeader('etag', foreignPath, successes, (text) => `W/"${text.replace(/^.*\//, '')}"`),
  ),
  leak(
    'foreign-cookie',
    'A cookie that is set with an answer tells whom the server served before',
    rows.everything,
    rights,
    inHeader('set-cookie', foreignPath, successes, (text) => `last=${encodeURIComponent(text)}; Secure; HttpOnly`),
  ),
  leak(
    'foreign-disposition',
    'The file name that a document is offered under is that of another member',
    rows.binary,
    rights,
    inHeader('content-disposition', foreignRemark, successes, (text) => `attachment; filename="${text}.txt"`),
  ),
]

export const foreignLeaks: readonly Fault[] = [...inElements, ...inBundles, ...aroundAnswers]
