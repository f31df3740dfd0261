/** The content of a document: raw, or as the resource that carries it (FHIR R4 binary, "Serving Binary Resources using the RESTful API"). */
import type { Binary } from 'fhir/r4.js'
import { acceptOf, covers } from '../guards/fhir-json.ts'
import { isAnswer, Said } from '../said.ts'
import { fhir, type Handler, outcome } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { sightOf } from '../state/visibility.ts'
import { unchanged, versionHeaders, visibleVersions } from './read.ts'

const asResource = new Set(['application/fhir+json', 'application/json'])

/** GET /Binary/:id */
export const binary =
  (state: PayerState): Handler =>
  async (request, { params, url, grant }) => {
    const known = await visibleVersions(state, sightOf(state, grant), 'Binary', params.id ?? '')
    if (isAnswer(known)) return known
    const newest = known.at(-1)
    const resource = newest?.resource as Binary | undefined
    if (!newest || !resource) return outcome(410, 'deleted', 'this resource was deleted')
    const headers = versionHeaders(newest)
    if (url.searchParams.has('_format')) return unchanged(request, newest) ?? fhir(resource, 200, headers)
    const content = resource.contentType.split(';')[0]?.trim().toLowerCase() ?? ''
    // The first wish that can be met decides; who wishes for nothing in particular gets the content itself.
    for (const { type } of acceptOf(request)) {
      if (asResource.has(type) && content !== type) return unchanged(request, newest) ?? fhir(resource, 200, headers)
      if (covers(type, content))
        return (
          unchanged(request, newest) ??
          new Said(Buffer.from(resource.data ?? '', 'base64'), {
            headers: { ...headers, 'content-type': resource.contentType },
          })
        )
    }
    return outcome(406, 'not-supported', `this content is ${content}`)
  }
