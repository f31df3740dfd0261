/** What many checks of an export ask alike: which kick-offs and which exports of a transcript, how far they came. */
import { type Check, check, undecided } from '../../harness/check.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Exchange, Transcript } from '../../harness/transcript.ts'
import type { Finding, Verb } from '../../harness/verdict.ts'
import { few, hasToken, isMistaken } from '../core/judging.ts'
import { asked } from '../core/rest.ts'
import { type Export, exportsIn, isUnfiltered } from './exports.ts'

/** Kick-offs with the responder; throws `not-seen` without any. */
export const kickOffs = (
  transcript: Transcript,
  scene: Scene,
  where: (x: Exchange) => boolean = () => true,
): Exchange[] => transcript.some('export-kick-off', { to: scene.responder, where })

/** Those that should have been accepted. */
export const soundKickOffs = (
  transcript: Transcript,
  scene: Scene,
  where: (x: Exchange) => boolean = () => true,
): Exchange[] =>
  kickOffs(transcript, scene, (x) => x.from === scene.requester && !isMistaken(x) && hasToken(x) && where(x))

/** Whole exports whose kick-off has that parameter; throws `not-seen` when nobody used it. */
export function exportsWith(transcript: Transcript, scene: Scene, name: string): Export[] {
  kickOffs(transcript, scene, (x) => asked(x).params.has(name) && !isMistaken(x))
  return exportsIn(transcript, scene.responder).filter(
    ({ kickOff, whole }) => whole && asked(kickOff).params.has(name) && !isMistaken(kickOff),
  )
}

/** The latest whole export without any filter, by the same client. */
export const unfiltered = (transcript: Transcript, scene: Scene, like: Export): Export | undefined =>
  exportsIn(transcript, scene.responder).findLast(
    ({ kickOff, whole }) => whole && kickOff.from === like.kickOff.from && isUnfiltered(kickOff),
  )

/** Nothing to judge: whatever was asked for with that was not fetched to its end. */
export const notWhole = (name: string): Finding[] => [
  undecided(undefined, `no export with ${name} was fetched completely`),
]

/** Exports that were asked about; throws `not-seen` when nobody asked. */
export function asking(transcript: Transcript, scene: Scene): readonly Export[] {
  transcript.some('export-status', { to: scene.responder })
  return exportsIn(transcript, scene.responder)
}

/** Every question about an export by whom it is; throws `not-seen` when nobody asked. */
export const polls = (transcript: Transcript, scene: Scene): Exchange[] =>
  asking(transcript, scene).flatMap((one) => one.polls)

/** An export that brought its manifest. */
export interface Completed extends Export {
  readonly completed: Exchange
}

/** An export that ran longer than the client waited: nobody's failure; undefined where it ended. */
export function stillRunning({ kickOff, polls: asked }: Export): Finding | undefined {
  const last = asked.at(-1)
  if (last?.response?.status !== 202) return undefined
  const seconds = Math.round((Date.parse(last.at) - Date.parse(kickOff.at)) / 1000)
  return undecided(
    last,
    `the export was still running after ${seconds} s, and nobody waited longer (longestWait in the plan says how long a run may wait)`,
  )
}

/** Why there is no manifest to judge: none came, or nobody waited for it to the end. */
export const notCompleted = (transcript: Transcript, scene: Scene): Finding =>
  exportsIn(transcript, scene.responder).flatMap((one) => stillRunning(one) ?? [])[0] ??
  undecided(undefined, 'no export was completed')

/** Exports with a manifest; throws `not-seen` when nobody asked about any. */
export function completedExports(transcript: Transcript, scene: Scene): Completed[] {
  transcript.some(['export-status', 'export-file'], { to: scene.responder })
  return exportsIn(transcript, scene.responder).filter((one): one is Completed => one.completed !== undefined)
}

/** A check that judges each completed export, and cannot judge without one. */
export const ofEachCompleted = (
  requirement: string,
  verb: Verb,
  title: string,
  judge: (one: Completed, transcript: Transcript, scene: Scene) => Finding[],
): Check =>
  check(requirement, verb, title, (transcript, scene) => {
    const found = completedExports(transcript, scene)
    return found.length === 0
      ? [notCompleted(transcript, scene)]
      : few(found.flatMap((one) => judge(one, transcript, scene)))
  })
