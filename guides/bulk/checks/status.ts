/** Asking about an export, and ending it: progress, patience, failure, deletion (Bulk Data 2.0 export, status and delete). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, header, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, hasToken, isMistaken, status } from '../../core/judging.ts'
import { outcomeOf } from '../../core/received.ts'
import { type Export, exportsIn, manifestOf } from '../exports.ts'

/** Exports that were asked about; throws `not-seen` when nobody asked. */
export function asking(transcript: Transcript, scene: Scene): readonly Export[] {
  transcript.some('export-status', { to: scene.responder })
  return exportsIn(transcript, scene.responder)
}

const polls = (transcript: Transcript, scene: Scene): Exchange[] =>
  asking(transcript, scene).flatMap((one) => one.polls)

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
                unmet(
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

export const runningIs202 = check('BULK-050', 'SHALL', 'A running export is answered with 202', (transcript, scene) => {
  const all = polls(transcript, scene)
  const running = all.filter(
    (x) => x.response !== undefined && x.response.status >= 200 && x.response.status < 300 && !manifestOf(x),
  )
  if (running.length === 0) return [undecided(all[0], 'the export was never seen running')]
  return few(running.flatMap((x) => status(x, [202], 'a running export is answered with 202')))
})

const at202 = (transcript: Transcript, scene: Scene): Exchange[] =>
  polls(transcript, scene).filter((x) => x.response?.status === 202)

export const progressIsShort = check(
  'BULK-051',
  'MAY',
  'X-Progress has less than 100 characters',
  (transcript, scene) => {
    const told = at202(transcript, scene).filter((x) => x.response && header(x.response, 'x-progress') !== undefined)
    if (told.length === 0) return [undecided(undefined, 'no answer told its progress')]
    return told.flatMap((x) => {
      const text = header(answered(x), 'x-progress') ?? ''
      return text.length < 100
        ? []
        : [
            unmet(x, 'too-long', 'X-Progress is too long', {
              expected: '< 100',
              actual: text.length,
              expression: 'X-Progress',
            }),
          ]
    })
  },
)

/** Seconds from now that a Retry-After asks for; undefined when it is neither seconds nor a date. */
export function retryAfter(x: Exchange): number | undefined {
  const text = x.response && header(x.response, 'retry-after')
  if (text === undefined) return undefined
  if (/^\d+$/.test(text.trim())) return Number(text)
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : (at - Date.parse(x.at)) / 1000
}

export const saysWhenToAsk = check(
  'BULK-052',
  'SHOULD',
  'A running export says in Retry-After when to ask again',
  (transcript, scene) => {
    const running = at202(transcript, scene)
    if (running.length === 0) return [undecided(undefined, 'the export was never seen running')]
    return few(
      running.flatMap((x) =>
        (retryAfter(x) ?? -1) < 0
          ? [
              unmet(x, 'missing-header', 'Retry-After is missing, over, or neither seconds nor a date', {
                actual: header(answered(x), 'retry-after'),
                expression: 'Retry-After',
              }),
            ]
          : [],
      ),
    )
  },
)

/** Our own patience. */
export const clientWaits = check(
  'BULK-053',
  'SHOULD',
  'The client waits as long as it is told',
  (transcript, scene) => {
    const jobs = asking(transcript, scene)
    let judged = 0
    const findings = jobs.flatMap(({ polls: all }) => {
      const honest = all.filter((x) => !isMistaken(x))
      return honest.slice(1).flatMap((x, i): Finding[] => {
        const previous = honest[i] as Exchange
        const wait = retryAfter(previous)
        if (wait === undefined) return []
        judged++
        const waited = (Date.parse(x.at) - Date.parse(previous.at)) / 1000
        // A clock ticks in milliseconds, a date in seconds.
        return waited + 1 >= wait
          ? []
          : [unmet(x, 'impatient', 'the client asks again before it should', { expected: wait, actual: waited })]
      })
    })
    return judged > 0 ? findings : [undecided(undefined, 'the client was never told to wait, or never asked twice')]
  },
)

export const impatienceIsAnswered = check(
  'BULK-054',
  'SHOULD',
  'Asking too often is answered with 429 and Retry-After',
  (transcript, scene) => {
    const fast = transcript.some('export-status', {
      to: scene.responder,
      where: (x) => x.intent.mistake === 'too-fast',
    })
    const refused = fast.filter((x) => x.response?.status === 429)
    if (refused.length === 0)
      return [
        unmet(fast[0], 'tolerated', 'nobody minds being asked too often', {
          expected: 429,
          actual: fast.map((x) => x.response?.status),
        }),
      ]
    return refused.flatMap((x) =>
      retryAfter(x) === undefined
        ? [unmet(x, 'missing-header', 'a 429 says when to come again', { expected: 'Retry-After' })]
        : [],
    )
  },
)

export const failureIsAnError = check(
  'BULK-055',
  'SHALL',
  'A failed export is a 4xx or 5xx, with an OperationOutcome',
  (transcript, scene) => {
    const failing = transcript.some('export-status', {
      to: scene.responder,
      where: (x) => x.from === scene.requester && (isFailure(x) || x.intent.expected === 'failure'),
    })
    const last = failing.at(-1)
    const hushed =
      last?.intent.expected === 'failure' && last.response?.status === 200
        ? [
            unmet(last, 'wrong-status', 'an export that failed is answered with 200', {
              expected: '4xx or 5xx',
              actual: 200,
            }),
          ]
        : []
    const told = failing.filter(isFailure)
    if (told.length === 0 && hushed.length === 0) return [undecided(last, 'the export was not seen to fail')]
    return few([...hushed, ...told.flatMap(failureFindings)])
  },
)

function failureFindings(x: Exchange): Finding[] {
  const response = answered(x)
  if (response.body === '') return [noted(x, 'silent-failure', 'the failed export does not say why')]
  if (!outcomeOf(x))
    return [
      unmet(x, 'missing-outcome', 'the failed export does not say why in an OperationOutcome', {
        actual: response.body.slice(0, 120),
      }),
    ]
  // The client accepts application/json there, and FHIR lets a server take it by its word.
  return ['application/fhir+json', 'application/json'].includes(mediaType(response))
    ? []
    : [
        unmet(x, 'wrong-media-type', 'the OperationOutcome of a failed export is FHIR JSON', {
          expected: 'application/fhir+json',
          actual: mediaType(response),
        }),
      ]
}

/** A failure of the job itself: not of patience, rights or knowledge. */
const isFailure = (x: Exchange): boolean => {
  const code = x.response?.status ?? 0
  return code >= 400 && ![401, 403, 404, 406, 410, 429].includes(code) && !isMistaken(x)
}

/** A fault that says that it passes. */
const isTransient = (x: Exchange): boolean =>
  (x.response?.status ?? 0) >= 400 &&
  ((outcomeOf(x)?.issue as { code?: string }[] | undefined) ?? []).some(({ code }) => code === 'transient')

export const clientTriesAgain = check(
  'BULK-057',
  'SHOULD',
  'The client asks for JSON, and again after a passing fault',
  (transcript, scene) => {
    const jobs = asking(transcript, scene)
    const mine = jobs.flatMap(({ polls: all }) => all).filter((x) => x.from === scene.requester && !isMistaken(x))
    const wrong = mine
      .filter((x) => !/json|\*\/\*/.test(header(x.request, 'accept') ?? '*/*'))
      .map((x) =>
        unmet(x, 'missing-header', 'the client asks about an export without accepting JSON', {
          actual: header(x.request, 'accept'),
        }),
      )
    const gaveUp = jobs
      .flatMap(({ polls: all }) => all.filter((x, i) => isTransient(x) && i === all.length - 1))
      .map((x) => unmet(x, 'gave-up', 'the client gives up after a fault that would pass'))
    return mine.length === 0 ? [undecided(undefined, 'the client never asked')] : few([...wrong, ...gaveUp])
  },
)

const completions = (transcript: Transcript, scene: Scene): Exchange[] => {
  const found = asking(transcript, scene).flatMap(({ polls: all }) => all.filter((x) => x.response?.status === 200))
  return found
}

const completed = (requirement: string, verb: Check['verb'], title: string, judge: (x: Exchange) => Finding[]): Check =>
  check(requirement, verb, title, (transcript, scene) => {
    const found = completions(transcript, scene)
    return found.length === 0 ? [undecided(undefined, 'no export was completed')] : few(found.flatMap(judge))
  })

export const manifestIsJson = completed('BULK-058', 'SHALL', 'A completed export is 200 with application/json', (x) => {
  const type = mediaType(answered(x))
  return type === 'application/json'
    ? []
    : [
        unmet(x, 'wrong-media-type', 'the manifest is no FHIR resource and is labelled as plain JSON', {
          expected: 'application/json',
          actual: type,
          expression: 'Content-Type',
        }),
      ]
})

export const expiryIsTold = completed('BULK-059', 'SHOULD', 'A completed export says when it expires', (x) => {
  const text = header(answered(x), 'expires')
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) || at <= Date.parse(x.at)
    ? [
        unmet(x, 'missing-header', 'Expires is missing or no date to come', {
          expected: 'an HTTP date in the future',
          actual: text,
          expression: 'Expires',
        }),
      ]
    : []
})

export const partialSuccess = check(
  'BULK-060',
  'SHALL',
  'What could not be exported is told in the error files of a completed export',
  (transcript, scene) => {
    const lenient = exportsIn(transcript, scene.responder).filter(
      ({ kickOff }) =>
        kickOff.intent.mistake !== undefined && /handling=lenient/.test(header(kickOff.request, 'prefer') ?? ''),
    )
    transcript.some('export-kick-off', {
      to: scene.responder,
      where: (x) => lenient.some(({ kickOff }) => kickOff === x),
    })
    return lenient.flatMap(({ kickOff, polls: all, manifest }): Finding[] => {
      const last = all.at(-1)
      if (!last || last.response?.status === 202) return [undecided(kickOff, 'the lenient export was not waited for')]
      const found = status(last, [200], 'an export that succeeds in part is completed with 200')
      if (found.length > 0) return found
      if (Array.isArray(manifest?.error) && manifest.error.length > 0) return []
      // Only a type is asked for and not given: what else is passed over leaves nothing out.
      return kickOff.intent.mistake !== 'unknown-type'
        ? [noted(last, 'passed-over', 'what was passed over is told in no error file')]
        : [
            unmet(last, 'missing-error', 'what was left out is told in no error file', {
              expected: 'a file in error',
              actual: manifest?.error,
              expression: 'error',
            }),
          ]
    })
  },
)

export const deletionIsAccepted = check(
  'BULK-095',
  'SHALL',
  'Deleting an export is accepted with 202',
  (transcript, scene) => {
    const made = transcript.some('export-delete', { to: scene.responder, where: (x) => !isMistaken(x) && hasToken(x) })
    const first = new Map<string, Exchange>()
    for (const x of made) if (!first.has(x.request.url)) first.set(x.request.url, x)
    return [...first.values()].flatMap((x) => status(x, [202], 'the deletion of an export is accepted'))
  },
)

export const deletedIsUnknown = check(
  'BULK-096',
  'SHALL',
  'A deleted export is answered with 404 and an OperationOutcome',
  (transcript, scene) => {
    const deleted = transcript.some('export-delete', { to: scene.responder, where: (x) => x.response?.status === 202 })
    const all = transcript.from(0)
    const after = deleted.flatMap((gone) =>
      transcript.all('export-status', {
        to: scene.responder,
        where: (x) => x.request.url === gone.request.url && all.indexOf(x) > all.indexOf(gone) && hasToken(x),
      }),
    )
    if (after.length === 0) return [undecided(deleted[0], 'nobody asked about the export after its deletion')]
    return few(
      after.flatMap((x) => [
        ...status(x, [404], 'a deleted export is unknown'),
        ...(answered(x).status === 404 && !outcomeOf(x)
          ? [
              unmet(x, 'missing-outcome', 'the 404 carries no OperationOutcome', {
                actual: answered(x).body.slice(0, 80),
              }),
            ]
          : []),
      ]),
    )
  },
)

export const wrongDeletionIsRefused = check(
  'BULK-097',
  'SHALL',
  'A deletion that cannot be is a 4xx with an OperationOutcome',
  (transcript, scene) => {
    const all = transcript.from(0)
    const wrong = transcript.some('export-delete', {
      to: scene.responder,
      where: (x) =>
        isMistaken(x) ||
        all
          .slice(0, all.indexOf(x))
          .some((y) => y.move === 'export-delete' && y.request.url === x.request.url && y.response?.status === 202),
    })
    return few(
      wrong.flatMap((x) => [
        ...(answered(x).status >= 400
          ? []
          : [
              unmet(x, 'wrong-status', 'a deletion that cannot be is accepted', {
                expected: '4xx',
                actual: answered(x).status,
              }),
            ]),
        ...(answered(x).status >= 400 && !outcomeOf(x)
          ? [
              unmet(x, 'missing-outcome', 'the refusal carries no OperationOutcome', {
                actual: answered(x).body.slice(0, 80),
              }),
            ]
          : []),
      ]),
    )
  },
)

export const statusChecks: readonly Check[] = [
  protectedAsTheKickOff,
  onlyForItsClient,
  runningIs202,
  progressIsShort,
  saysWhenToAsk,
  clientWaits,
  impatienceIsAnswered,
  failureIsAnError,
  clientTriesAgain,
  manifestIsJson,
  expiryIsTold,
  partialSuccess,
  deletionIsAccepted,
  deletedIsUnknown,
  wrongDeletionIsRefused,
]
