/** What protects an export: TLS, tokens, and who may see it (Bulk Data 2.0 export, privacy and security). */

import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered, type Exchange, header, json, type Transcript } from '../../../harness/transcript.ts'
import { few, hasToken, wrongAnswer } from '../../core/judging.ts'
import { at } from '../../core/received.ts'
import { succeeded } from '../../core/rest.ts'
import { foreignIn, memberIds } from '../../pdex/member.ts'
import { keepsToRights } from '../../pdex/rights.ts'
import { exportsIn } from '../exports.ts'
import { asking, soundKickOffs } from '../judging.ts'

const moves = ['export-kick-off', 'export-status', 'export-file', 'export-delete'] as const

/** Where an answer sends the client: to ask about the export, for its files. */
const addressesIn = ({ response }: Exchange): string[] => {
  if (!response) return []
  const manifest = json(response) as Readonly<Record<string, unknown>> | undefined
  const listed = ['output', 'deleted', 'error'].flatMap((name) => at(manifest, `${name}.url`).map(String))
  return [header(response, 'content-location') ?? '', ...listed].filter(Boolean)
}

export const overGoodTls = check(
  'BULK-001',
  'SHALL',
  'Every step of an export goes over TLS 1.2 or later',
  (transcript, scene) => {
    const all = transcript.some(moves, { to: scene.responder, where: (x) => x.response !== undefined })
    const unknown = all.every(({ tls }) => tls === undefined)
    // A step that the server sends the client to without TLS is as bad whether or not the client dares to take it.
    const sent = all.flatMap((x) => addressesIn(x).map((url) => [x, url] as const))
    const open = sent
      .filter(([, url]) => url.startsWith('http:'))
      .map(([x, url]) => unmet(x, 'weak-transport', 'the server names an address without TLS', { actual: url }))
    const found = all.flatMap((x) =>
      x.request.url.startsWith('http:') || (x.tls && !/^TLSv1\.[23]$/.test(x.tls.protocol))
        ? [
            unmet(x, 'weak-transport', 'a step of the export goes over weak or no TLS', {
              expected: 'TLS 1.2 or 1.3',
              actual: x.tls?.protocol ?? 'http',
            }),
          ]
        : [],
    )
    const findings = [...open, ...found]
    return findings.length === 0 && unknown ? [undecided(all[0], 'the transport was not recorded')] : few(findings)
  },
)

export const byBackendServices = check(
  'BULK-002',
  'SHOULD',
  'The export is authorized by SMART Backend Services',
  (transcript, scene) => {
    const [first] = soundKickOffs(transcript, scene)
    const token = transcript
      .all('member-token', { from: scene.requester, to: scene.responder, where: succeeded })
      .findLast((x) => before(transcript, x, first))
    if (!token) return [undecided(first, 'how the token was come by is not in the transcript')]
    const form = new URLSearchParams(token.request.body)
    return form.get('grant_type') === 'client_credentials' && form.has('client_assertion')
      ? []
      : [
          unmet(token, 'other-authorization', 'the token was come by in another way', {
            expected: 'client_credentials with client_assertion',
            actual: form.get('grant_type'),
          }),
        ]
  },
)

const before = (transcript: Transcript, x: Exchange, y: Exchange | undefined): boolean => {
  const all = transcript.from(0)
  return y === undefined || all.indexOf(x) < all.indexOf(y)
}

export const showsOnlyWhatMayBeSeen = check(
  'BULK-005',
  'SHALL',
  'The export holds only what the client may see',
  (transcript, scene) => {
    const files = exportsIn(transcript, scene.responder)
      .filter(({ kickOff }) => kickOff.from === scene.requester)
      .flatMap((one) => one.files)
    const foreign = foreignIn(files, memberIds(transcript, scene), scene)
    return [
      ...keepsToRights('export', transcript, scene),
      ...few(
        foreign.map(({ exchange, expression, what }) =>
          unmet(exchange, 'other-member', `the export holds another member: ${what}`, { expression }),
        ),
      ),
    ]
  },
)

/** Status and files behind the same protection as the kick-off. */
export const protectedAsTheKickOff = check(
  'BULK-003',
  'SHALL',
  'Status and files are refused without a token',
  (transcript, scene) => {
    const tries = transcript.some(['export-status', 'export-file'], {
      to: scene.responder,
      where: (x) => !hasToken(x) || /token/.test(x.intent.mistake ?? ''),
    })
    const jobs = exportsIn(transcript, scene.responder)
    const open = jobs.some(({ manifest }) => manifest?.requiresAccessToken === false)
    const judged = tries.filter((x) => x.move === 'export-status' || !open)
    const worked = jobs.some(({ completed, files }) => completed !== undefined || files.length > 0)
    return [
      ...few(
        judged.flatMap((x) =>
          [400, 401, 403, 404].includes(answered(x).status)
            ? []
            : [
                wrongAnswer(
                  x,
                  'unprotected',
                  `the ${x.move === 'export-status' ? 'status' : 'file'} is given without a token`,
                  { expected: 401, actual: answered(x).status },
                ),
              ],
        ),
      ),
      ...(worked ? [] : [undecided(undefined, 'no export was completed with a token, so a refusal says nothing')]),
    ]
  },
)

export const onlyForItsClient = check(
  'BULK-004',
  'MAY',
  'Status and files are for the client that started the export',
  (transcript, scene) => {
    const jobs = asking(transcript, scene)
    const strangers = jobs.flatMap(({ intrusions, kickOff }) =>
      intrusions.filter((x) => x.from !== kickOff.from && hasToken(x)),
    )
    if (strangers.length === 0) return [undecided(undefined, 'no other client tried')]
    return strangers.flatMap((x) =>
      answered(x).status >= 400
        ? []
        : [
            unmet(x, 'shared-export', 'another client may see the export', {
              expected: '4xx',
              actual: answered(x).status,
            }),
          ],
    )
  },
)

export const privacyChecks: readonly Check[] = [
  overGoodTls,
  byBackendServices,
  protectedAsTheKickOff,
  onlyForItsClient,
  showsOnlyWhatMayBeSeen,
]
