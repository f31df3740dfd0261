/**
 * Searches that ask for more than what they find: what it points at, and the Provenance of it (FHIR R4 search,
 * _include).
 */
import { undecided } from '../../harness/check.ts'
import type { Scene } from '../../harness/scene.ts'
import type { Exchange, Transcript } from '../../harness/transcript.ts'
import type { Finding } from '../../harness/verdict.ts'
import { hasToken, isMistaken, requests } from '../core/judging.ts'

/** Searches with _revinclude=Provenance:target. */
export const revincludes = (transcript: Transcript, scene: Scene): Exchange[] =>
  requests(
    transcript,
    scene,
    ({ interaction, params }, x) =>
      interaction === 'search-type' &&
      x.move === 'search' &&
      params.getAll('_revinclude').includes('Provenance:target') &&
      !isMistaken(x) &&
      hasToken(x),
  )

/** Left open: what does not come on one page may come on the next, and that was not fetched. */
export const notAllPages = (x: Exchange): Finding =>
  undecided(x, 'not every page was fetched, so what comes along cannot be missed')

/** Searches of a type with an _include like that. */
export const includeOf = (transcript: Transcript, scene: Scene, value: RegExp, type: string): Exchange[] =>
  requests(
    transcript,
    scene,
    ({ interaction, type: other, params }, x) =>
      interaction === 'search-type' &&
      other === type &&
      x.move === 'search' &&
      hasToken(x) &&
      !isMistaken(x) &&
      params.getAll('_include').some((include) => value.test(include)),
  )
