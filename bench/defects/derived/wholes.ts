/** Contained resources and Bundles as wholes. */
import { domain, type Finder, isObject, listAt, ofResource, site } from './finder.ts'
import type { Json } from './model.ts'

export const wholes: Readonly<Record<string, Finder>> = {
  'inv:dom-3': ({ resource }) =>
    domain(resource)
      ? [
          site(() => {
            const list = listAt(resource, 'contained')
            list.push({ resourceType: 'Organization', id: 'vitruvian-loose', name: 'x' })
            return {
              at: [`${String(resource.resourceType)}.contained[${list.length - 1}]`],
              codes: ['contained-rules'],
            }
          }),
        ]
      : [],
  'contained-bad': ({ resource }) =>
    Array.isArray(resource.contained)
      ? [
          site(() => {
            ;((resource.contained as Json[])[0] as Json).vitruvianUnknown = 1
            return {
              at: [`${String(resource.resourceType)}.contained[0].vitruvianUnknown`],
              codes: ['structure-unknown-element'],
            }
          }),
        ]
      : [],
  'contained-nested': ({ resource }) =>
    Array.isArray(resource.contained)
      ? [
          site(() => {
            ;((resource.contained as Json[])[0] as Json).contained = [
              { resourceType: 'Organization', id: 'x', name: 'x' },
            ]
            return {
              at: [
                `${String(resource.resourceType)}.contained[0]`,
                `${String(resource.resourceType)}.contained[0].contained[0]`,
              ],
              codes: ['contained-rules'],
            }
          }),
        ]
      : [],
  'inv:bdl-1 total': ofResource(
    'Bundle',
    ({ type }) => type !== 'searchset' && type !== 'history',
    (resource) => Object.assign(resource, { total: 3 }),
    '',
    'invariant',
  ),
  'inv:bdl-3 request': ofResource(
    'Bundle',
    ({ type, entry }) =>
      ['collection', 'searchset', 'document', 'message'].includes(String(type)) && Array.isArray(entry),
    ({ entry }) => Object.assign((entry as Json[])[0] as Json, { request: { method: 'GET', url: 'x' } }),
    '',
    'invariant',
  ),
  'bundle-duplicate-url': ({ resource }) => {
    const list = resource.entry as Json[]
    if (
      resource.resourceType !== 'Bundle' ||
      resource.type === 'history' ||
      !Array.isArray(list) ||
      list[0]?.fullUrl === undefined
    )
      return []
    return [
      site(() => {
        list.push(structuredClone(list[0] as Json))
        return { at: [`Bundle.entry[${list.length - 1}].fullUrl`], codes: ['bundle-duplicate'] }
      }),
    ]
  },
  'bundle-url-mismatch': ofResource(
    'Bundle',
    ({ entry }) =>
      Array.isArray(entry) &&
      /\/[A-Z][A-Za-z]+\/[\w.-]+$/.test(String((entry as Json[])[0]?.fullUrl)) &&
      isObject((entry as Json[])[0]?.resource),
    ({ entry }) => {
      const first = (entry as Json[])[0] as Json
      first.fullUrl = `${String(first.fullUrl)}9`
    },
    '.entry[0].fullUrl',
    'bundle-full-url',
  ),
  'bundle-relative-url': ofResource(
    'Bundle',
    ({ entry }) => Array.isArray(entry) && (entry as Json[])[0]?.fullUrl !== undefined,
    ({ entry }) => Object.assign((entry as Json[])[0] as Json, { fullUrl: 'Patient/1' }),
    '.entry[0].fullUrl',
    'bundle-full-url',
  ),
  'bundle-entry-bad': ofResource(
    'Bundle',
    ({ entry }) => Array.isArray(entry) && isObject((entry as Json[])[0]?.resource),
    ({ entry }) => Object.assign(((entry as Json[])[0] as Json).resource as Json, { vitruvianUnknown: 1 }),
    '.entry[0].resource.vitruvianUnknown',
    'structure-unknown-element',
  ),
}
