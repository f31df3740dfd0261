/**
 * Files of an export: labels, lines, tokens, documents, what a client may not have (Bulk Data 2.0 export, output
 * file).
 */
import { isDeepStrictEqual } from 'node:util'
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, hasToken, isMistaken, status, suspicious } from '../../core/judging.ts'
import { keyOf, linesOf, type Received, referencesIn, resourcesIn, walk } from '../../core/received.ts'
import { anyKey, asked, succeeded } from '../../core/rest.ts'
import { exportsIn } from '../exports.ts'

/** Files that came; throws `not-seen` when none was fetched. */
const files = (transcript: Transcript, scene: Scene): Exchange[] =>
  transcript.some('export-file', { to: scene.responder, where: (x) => succeeded(x) && !isMistaken(x) })

export const filesAreLabelled = check(
  'BULK-085',
  'SHALL',
  'A file is 200 with application/fhir+ndjson',
  (transcript, scene) =>
    few(
      files(transcript, scene).flatMap((x) => [
        ...status(x, [200], 'a file is answered with 200'),
        ...(mediaType(answered(x)) === 'application/fhir+ndjson'
          ? []
          : [
              unmet(x, 'wrong-media-type', 'a file is labelled otherwise', {
                expected: 'application/fhir+ndjson',
                actual: mediaType(answered(x)),
                expression: 'Content-Type',
              }),
            ]),
      ]),
    ),
)

export const clientShowsItsToken = check(
  'BULK-086',
  'SHALL',
  'The client shows its token for files that need one',
  (transcript, scene) => {
    const fetched = transcript.some('export-file', {
      from: scene.requester,
      to: scene.responder,
      where: (x) => !isMistaken(x),
    })
    const needing = exportsIn(transcript, scene.responder).filter(
      ({ manifest }) => manifest?.requiresAccessToken !== false,
    )
    const urls = new Set(needing.flatMap(({ manifest }) => (manifest?.output ?? []).map(({ url }) => url)))
    const judged = fetched.filter((x) => urls.has(x.request.url))
    if (judged.length === 0) return [undecided(fetched[0], 'no file needs a token')]
    return few(
      judged
        .filter((x) => !hasToken(x))
        .map((x) =>
          unmet(x, 'missing-token', 'a file that needs a token is asked for without one', {
            expression: 'Authorization',
          }),
        ),
    )
  },
)

export const tokenGoesNowhereElse = check(
  'BULK-087',
  'SHALL NOT',
  'The client shows its token for files that need none',
  (transcript, scene) => {
    const open = exportsIn(transcript, scene.responder).filter(
      ({ manifest }) => manifest?.requiresAccessToken === false,
    )
    transcript.some('export-file', { from: scene.requester })
    const shown = open.flatMap(({ files: fetched }) => fetched.filter(hasToken))
    return open.length === 0
      ? [undecided(undefined, 'every manifest asks for a token')]
      : few(
          shown.map((x) =>
            unmet(x, 'leaked-token', 'the token is shown where none is needed', { expression: 'Authorization' }),
          ),
        )
  },
)

export const linesAreResources = check(
  'BULK-089',
  'SHALL',
  'Each line of a file is one JSON resource',
  (transcript, scene) =>
    few(
      files(transcript, scene).flatMap((x) => {
        const { body } = answered(x)
        const found: Finding[] = []
        if (body.includes('\r\n')) found.push(noted(x, 'line-ends', 'lines end with CR and LF, as NDJSON allows'))
        for (const { number, text, value } of linesOf(x)) {
          const expression = `line ${number}`
          if (text.trim() === '') found.push(suspicious(x, 'blank-line', 'a line is blank', { expression }))
          else if (
            value === undefined ||
            Array.isArray(value) ||
            typeof (value as { resourceType?: unknown } | null)?.resourceType !== 'string'
          )
            found.push(unmet(x, 'broken-line', 'a line is no JSON resource', { actual: text.slice(0, 60), expression }))
        }
        if (body.charCodeAt(0) === 0xfeff)
          found.push(suspicious(x, 'byte-order-mark', 'the file begins with a byte order mark'))
        return found
      }),
    ),
)

export const latestVersionsOnly = check(
  'BULK-090',
  'SHALL',
  'Each resource is given once, in its latest version',
  (transcript, scene) => {
    files(transcript, scene)
    return few(
      exportsIn(transcript, scene.responder).flatMap(({ received }) => {
        const seen = new Map<string, Received>()
        return received.flatMap((one): Finding[] => {
          const key = keyOf(one.resource)
          const before = seen.get(key)
          seen.set(key, one)
          if (!before) return []
          const { exchange, expression } = one
          // The same version once more is waste, and no older one.
          return isDeepStrictEqual(before.resource, one.resource)
            ? [suspicious(exchange, 'duplicate-entry', `${key} is given twice`, { expression })]
            : [unmet(exchange, 'duplicate-entry', `${key} is given twice, in different versions`, { expression })]
        })
      }),
    )
  },
)

export const binariesAreAttached = check(
  'BULK-019',
  'SHALL',
  'Documents are given as attachments, never as Binary',
  (transcript, scene) => {
    const got = files(transcript, scene)
    return few(
      got.flatMap((x) =>
        resourcesIn(x)
          .filter(({ resource }) => resource.resourceType === 'Binary')
          .slice(0, 1)
          .map(({ expression }) => unmet(x, 'binary-file', 'the export holds Binary resources', { expression })),
      ),
    )
  },
)

export const referencesStayHere = check(
  'BULK-021',
  'MAY',
  'References are relative, or absolute below the base',
  (transcript, scene) => {
    const got = files(transcript, scene)
    const bases = exportsIn(transcript, scene.responder).map(({ kickOff }) => `${asked(kickOff).base}/`)
    const given = new Set(got.flatMap((x) => resourcesIn(x).map(({ resource }) => keyOf(resource))))
    // What was exported and is pointed to below another base than that of the export cannot be joined with it.
    const isElsewhere = (reference: string): boolean =>
      /^https?:/.test(reference) &&
      given.has(anyKey(reference) ?? '') &&
      !bases.some((base) => reference.startsWith(base))
    const found = got.flatMap((x) =>
      resourcesIn(x).flatMap(({ resource, expression }) =>
        referencesIn(resource)
          .filter(({ reference }) => reference.startsWith('urn:uuid:') || isElsewhere(reference))
          .map((pointer) =>
            suspicious(x, 'odd-reference', `${keyOf(resource)} points by ${pointer.reference.slice(0, 40)}…`, {
              expression: `${expression}: ${pointer.expression}`,
            }),
          ),
      ),
    )
    const some = got.some((x) => resourcesIn(x).some(({ resource }) => referencesIn(resource).length > 0))
    return found.length > 0 || some ? few(found) : [undecided(got[0], 'nothing that was exported has a reference')]
  },
)

/** Attachments with an address: absolute, and fetched with the token of the export. */
export const attachmentsCanBeHad = check(
  'BULK-091',
  'SHALL',
  'The address of an attachment is absolute and gives its content',
  (transcript, scene) => {
    const got = files(transcript, scene)
    const addressed = got.flatMap((x) => resourcesIn(x).flatMap((one) => addressesIn(one)))
    if (addressed.length === 0) return [undecided(got[0], 'no attachment has an address')]
    const relative = addressed.filter(({ url }) => !/^https?:\/\//.test(url))
    let open = 0
    const lost = addressed.flatMap(({ url, one }) => {
      const fetched = transcript
        .all(['binary', 'read', 'probe'], {
          from: scene.requester,
          where: (x) => x.request.url === url && !isMistaken(x),
        })
        .at(-1)
      if (!fetched) open++
      return fetched && !succeeded(fetched)
        ? [
            unmet(fetched, 'missing-content', `the content of ${keyOf(one.resource)} cannot be had`, {
              expected: 200,
              actual: fetched.response?.status,
            }),
          ]
        : []
    })
    return [
      ...few(
        relative.map(({ url, one }) =>
          unmet(one.exchange, 'relative-link', `an attachment of ${keyOf(one.resource)} has a relative address`, {
            actual: url,
            expression: one.expression,
          }),
        ),
      ),
      ...few(lost),
      ...(open === addressed.length ? [undecided(undefined, 'nobody fetched an attachment')] : []),
    ]
  },
)

function addressesIn(one: Received): { url: string; one: Received }[] {
  const found: { url: string; one: Received }[] = []
  walk(one.resource, '', (node) => {
    if (typeof node.url === 'string' && typeof node.contentType === 'string') found.push({ url: node.url, one })
  })
  return found
}

/** A file that is not there, or no longer. */
export const lostFilesAreErrors = check(
  'BULK-092',
  'SHALL',
  'A file that is gone, or was never there, is a 4xx',
  (transcript, scene) => {
    const wrong = transcript.some(['export-file', 'probe'], {
      to: scene.responder,
      where: (x) =>
        ['expired', 'deleted', 'unknown-file'].includes(x.intent.mistake ?? '') &&
        x.request.method === 'GET' &&
        asked(x).interaction === 'other',
    })
    const worked = exportsIn(transcript, scene.responder).some(({ files: fetched }) => fetched.some(succeeded))
    return [
      ...few(
        wrong.flatMap((x) =>
          answered(x).status >= 400
            ? []
            : x.intent.mistake === 'deleted' && succeeded(x)
              ? // "a server MAY use the request as a signal ... that it is safe to remove" them.
                [undecided(x, 'the files of a deleted export are still given, which a server may do')]
              : [
                  unmet(x, 'wrong-status', `a file that is ${x.intent.mistake} is given`, {
                    expected: '404 or 410',
                    actual: answered(x).status,
                  }),
                ],
        ),
      ),
      ...(worked ? [] : [undecided(undefined, 'no file was ever given, so a refusal says nothing')]),
    ]
  },
)

export const fileChecks: readonly Check[] = [
  filesAreLabelled,
  clientShowsItsToken,
  tokenGoesNowhereElse,
  linesAreResources,
  latestVersionsOnly,
  binariesAreAttached,
  referencesStayHere,
  attachmentsCanBeHad,
  lostFilesAreErrors,
]
