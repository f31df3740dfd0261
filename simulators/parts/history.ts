/** The versions of one resource, newest first, deletions too (FHIR R4 http, "history-instance"). */
import type { BundleEntry } from 'fhir/r4.js'
import { isAnswer } from '../said.ts'
import { rangeOf } from '../search/dates.ts'
import { type Handler, outcome } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import { sightOf } from '../state/visibility.ts'
import { bundleAnswer } from './bundle-writer.ts'
import { visibleVersions } from './read.ts'
import { queryOf } from './search.ts'

/** GET /:type/:id/_history */
export const history =
  (state: PayerState): Handler =>
  async (_request, { params, url, grant }) => {
    const { type = '', id = '' } = params
    const since = url.searchParams.get('_since')
    const count = url.searchParams.get('_count')
    const after = since === null ? undefined : rangeOf(since)?.from
    if (since !== null && after === undefined) return outcome(400, 'invalid', '_since is no instant')
    if (count !== null && !/^\d{1,9}$/.test(count)) return outcome(400, 'invalid', '_count is no number')
    const known = await visibleVersions(state, sightOf(state, grant), type, id)
    if (isAnswer(known)) return known
    const wanted = known.filter(({ lastUpdated }) => after === undefined || Date.parse(lastUpdated) >= after).reverse()
    const base = `${state.base}/fhir/${type}/${id}`
    const entry = wanted
      .slice(0, count === null ? undefined : Number(count))
      .map(({ resource, versionId, lastUpdated }): BundleEntry => {
        const first = versionId === known[0]?.versionId
        return {
          fullUrl: base,
          ...(resource ? { resource } : {}),
          request: {
            method: resource ? (first ? 'POST' : 'PUT') : 'DELETE',
            url: resource && first ? type : `${type}/${id}`,
          },
          response: {
            status: resource ? (first ? '201 Created' : '200 OK') : '204 No Content',
            etag: `W/"${versionId}"`,
            lastModified: lastUpdated,
          },
        }
      })
    const used = ['_since', '_count'].flatMap((name): [string, string][] => {
      const value = url.searchParams.get(name)
      return value === null ? [] : [[name, value]]
    })
    return bundleAnswer({
      resourceType: 'Bundle',
      id: state.random.uuid(),
      meta: { lastUpdated: state.clock.now().toISOString() },
      type: 'history',
      total: wanted.length,
      link: [{ relation: 'self', url: `${base}/_history${queryOf(used)}` }],
      ...(entry.length ? { entry } : {}),
    })
  }
