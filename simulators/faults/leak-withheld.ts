/** Ways to tell of what is kept back from this caller: left out where it is looked for, and there where nobody looks. */
import { gzipSync } from 'node:zlib'
import type { Fault } from './fault.ts'
import {
  inBundle,
  inFirst,
  inHeader,
  inRefusal,
  kept,
  keptPath,
  keptRemark,
  leak,
  path,
  refusals,
  remark,
  successes,
} from './leak-marks.ts'
import { links, type Manifest, rebundled, rewritten, rows, strayEntry } from './spoiling.ts'

const permissions = ['PDEX-137'] as const

/** Numbers that count what is not shown. */
const inNumbers: readonly Fault[] = [
  leak(
    'withheld-total',
    'The total of a search counts what is kept back',
    rows.search,
    permissions,
    rebundled((bundle, about) => {
      const more = kept(about, about.visit.params.type).length
      if (bundle.total !== undefined) bundle.total += more
    }),
  ),
  leak(
    'withheld-count-of-file',
    'The manifest counts the lines that were left out of a file',
    rows.status,
    permissions,
    rewritten<Manifest>((manifest, about) => {
      for (const item of Array.isArray(manifest.output) ? manifest.output : [])
        if (item.count !== undefined) item.count += kept(about, item.type).length
      return manifest
    }),
  ),
]

/** In records that may be seen. */
const inElements: readonly Fault[] = [
  leak(
    'withheld-in-narrative',
    'The narrative of the Patient sums up every Condition, whoever asks',
    rows.everything,
    permissions,
    inFirst('Patient', keptRemark, (patient, text) => {
      patient.text = { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">History: ${text}</div>` }
    }),
  ),
  leak(
    'withheld-in-target',
    'A Provenance names a record that is kept back beside the one that it is shown for',
    rows.search,
    permissions,
    inFirst('Provenance', keptPath, (provenance, text) => {
      provenance.target = [...provenance.target, { reference: text }]
    }),
  ),
  leak(
    'withheld-in-target-display',
    'A Provenance displays the remark of a record that is kept back',
    rows.everything,
    permissions,
    inFirst('Provenance', keptRemark, (provenance, text) => {
      provenance.target = provenance.target.map((target) => ({ ...target, display: text }))
    }),
  ),
  leak(
    'withheld-in-contained',
    'An Encounter contains the Condition that is kept back by itself',
    rows.everything,
    permissions,
    inFirst('Encounter', keptRemark, (encounter, _text, about) => {
      const [secret] = kept(about, 'Condition').concat(kept(about))
      if (secret) encounter.contained = [...(encounter.contained ?? []), { ...secret, id: 'reason' }]
    }),
  ),
  leak(
    'withheld-in-reference',
    'The account of an Encounter refers to a claim that is kept back',
    rows.search,
    permissions,
    inFirst('Encounter', keptPath, (encounter, text) => {
      encounter.account = [{ reference: text, display: 'Claim' }]
    }),
  ),
  leak(
    'withheld-in-attachment',
    'A document packs, in base64, a remark that is kept back',
    rows.file,
    permissions,
    inFirst('DocumentReference', keptRemark, (document, text) => {
      const data = gzipSync(`Summary: ${text}`).toString('base64')
      document.content = [...document.content, { attachment: { contentType: 'application/gzip', data } }]
    }),
  ),
  leak(
    'withheld-in-export-alone',
    'A note of what is kept back stands in the file of an export, and nowhere else',
    rows.file,
    permissions,
    inFirst('Observation', keptRemark, (observation, text) => {
      observation.note = [...(observation.note ?? []), { text }]
    }),
  ),
  leak(
    'withheld-in-escapes',
    'A tag, escaped for JSON, tells of what is kept back',
    rows.search,
    permissions,
    (honest, state) => async (request, visit) => {
      const answer = await honest(request, visit)
      const text = remark(kept({ state, visit, request })[0])
      if (answer.status !== 200 || !text) return answer
      const coded = [...text].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
      const body = await answer.text()
      return new Response(body.replace(/^\{/, `{"meta":{"tag":[{"display":"${coded}"}]},`), answer)
    },
  ),
]

/** In what surrounds the records. */
const aroundRecords: readonly Fault[] = [
  leak(
    'withheld-next-link',
    'The next link tells after which record the page ended, and it is one that is kept back',
    rows.search,
    permissions,
    inBundle(keptPath, (bundle, text) => {
      for (const link of links(bundle)) if (link.relation === 'next') link.url += `?after=${text.replace(/^.*\//, '')}`
    }),
  ),
  leak(
    'withheld-self-link',
    'The self link of $everything lists what was left out',
    rows.everything,
    permissions,
    inBundle(keptPath, (bundle, text) => {
      for (const link of links(bundle)) if (link.relation === 'self') link.url += `#without=${encodeURIComponent(text)}`
    }),
  ),
  leak(
    'withheld-in-outcome',
    'An OperationOutcome among the entries says which record was left out',
    rows.search,
    permissions,
    inBundle(keptPath, (bundle, text) => {
      bundle.entry?.push({
        resource: {
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'information', code: 'suppressed', diagnostics: `${text} was left out` }],
        },
        search: { mode: 'outcome' },
      })
    }),
  ),
  leak(
    'withheld-revincluded',
    '_revinclude brings the Provenance of what is kept back',
    rows.search,
    permissions,
    rebundled((bundle, about) => {
      const [provenance] = kept(about, 'Provenance')
      if (about.visit.url.searchParams.has('_revinclude') && bundle.entry && provenance)
        bundle.entry.push(strayEntry(about.state, provenance, 'include'))
    }),
  ),
  leak(
    'withheld-on-second-page',
    'Only the second page of $everything has a tag that names what is kept back',
    rows.everythingPage,
    permissions,
    inBundle(keptRemark, (bundle, text) => {
      bundle.meta = { ...bundle.meta, tag: [{ code: 'less', display: text }] }
    }),
  ),
  leak(
    'withheld-in-manifest',
    'The extension of a manifest lists what was left out of the export',
    rows.status,
    permissions,
    rewritten<Manifest & { extension?: object }>((manifest, about) => {
      const text = keptPath(about)
      if (Array.isArray(manifest.output) && text) manifest.extension = { 'https://old-plan.example/left-out': [text] }
      return manifest
    }),
  ),
  leak(
    'withheld-in-header',
    'A header of the answer tells, percent-encoded, what the filter took out',
    rows.search,
    permissions,
    inHeader('x-filtered', keptPath, successes, encodeURIComponent),
  ),
]

/** In the refusal of the record itself. */
const inRefusals: readonly Fault[] = [
  leak(
    'withheld-in-refusal',
    'The refusal of a record says what is in it',
    rows.read,
    permissions,
    inRefusal(
      (about) => remark(kept(about).find(({ id }) => id === about.visit.params.id)),
      (text) => `not for you: ${text}`,
    ),
  ),
  leak(
    'withheld-in-refused-version',
    'The refusal of a version points to the claim that it belongs to',
    rows.vread,
    permissions,
    inRefusal(
      (about) => path(kept(about).find(({ id }) => id !== about.visit.params.id)),
      (text) => `see ${text}`,
    ),
  ),
  leak(
    'withheld-etag-of-refusal',
    'The refusal of a record has its ETag, made of its record number',
    rows.read,
    permissions,
    inHeader(
      'etag',
      (about) => remark(kept(about).find(({ id }) => id === about.visit.params.id)),
      refusals,
      (text) => `W/"${text}"`,
    ),
  ),
  leak(
    'withheld-in-refused-document',
    'The refusal of the content of a document tells its first line in a header',
    rows.binary,
    permissions,
    inHeader('x-reason', keptRemark, refusals),
  ),
]

export const withheldLeaks: readonly Fault[] = [...inNumbers, ...inElements, ...aroundRecords, ...inRefusals]
