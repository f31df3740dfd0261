/**
 * Searches that ask for more than what they find: what it points at, and the Provenance of it (FHIR R4 search,
 * _include).
 */
import type { Scene } from '../../harness/scene.ts'
import type { Exchange, Transcript } from '../../harness/transcript.ts'
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
