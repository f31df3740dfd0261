/** One resource: at the root, in a Bundle entry or contained. Its type decides the table, its meta.profile the profiles. */

import type { ProfileCheck, Slot, World } from '../compile/compiled.ts'
import { nearestAmong } from '../compile/nearest.ts'
import { coreUrl } from '../compile/types.ts'
import { judgeBundle } from './bundle.ts'
import { judgeContained } from './contained.ts'
import { judgeDefinition } from './definitions.ts'
import { Scope } from './scope.ts'
import type { Demand, Json, Visit } from './visit.ts'
import { vitalSignOf } from './vital-signs.ts'

/** A resource inside of another: contained, a Bundle entry's, a parameter's. */
export function judgeResource(world: World, visit: Visit, resource: Json, slot: Slot): void {
  const contained = slot.json === 'contained'
  if (contained && !world.policy.contained) return
  const outer = visit.scope
  const owner = visit.values[visit.depth - 2] as Json | undefined
  const fullUrl = typeof owner?.fullUrl === 'string' ? owner.fullUrl : undefined
  visit.scope = new Scope(
    resource,
    contained ? { container: outer } : { parent: outer, ...(fullUrl !== undefined && { fullUrl }) },
  )
  judgeWhole(world, visit, resource, slot.demand, [])
  visit.scope = outer
}

/** The resource by its type, then by each profile: those that the caller asks for and those that it claims. */
export function judgeWhole(
  world: World,
  visit: Visit,
  resource: Json,
  demand: Demand,
  profiles: readonly ProfileCheck[],
): void {
  const type = resource.resourceType
  if (typeof type !== 'string') {
    visit.report('error', 'structure-not-a-resource', 'A resource must say its resourceType.', demand)
    return
  }
  const shape = world.types.isResource(type) ? world.shape(type) : undefined
  if (!shape || shape.info.abstract) {
    const nearest = shape ? [] : nearestAmong(type, world.resourceTypes)
    const text = shape
      ? `${type} is abstract.`
      : `"${type}" is not a resource type of FHIR R4${nearest.length > 0 ? `; did you mean ${nearest.join(' or ')}?` : '.'}`
    visit.report('error', 'structure-unknown-type', text, demand, {
      actual: type,
      ...(nearest.length > 0 && { nearest }),
    })
    return
  }
  world.rules.walkObject(world, visit, shape, resource)
  if (Array.isArray(resource.contained) && world.policy.contained) judgeContained(world, visit, resource)
  if (type === 'Bundle') judgeBundle(world, visit, resource)
  if (resource.url !== undefined) judgeDefinition(world, visit, resource)
  const done = new Set<ProfileCheck>()
  for (const check of profiles) hold(world, visit, resource, check, done)
  if (type === 'Observation' && world.policy.vitalSigns) {
    const url = vitalSignOf(resource)
    const check = url === undefined ? undefined : world.profileCheck(url, world.types.core)
    if (check) hold(world, visit, resource, check, done)
  }
  if (world.policy.declaredProfiles) judgeDeclared(world, visit, resource, shape.demand, done)
  for (const { type: wanted, check } of world.globalProfiles)
    if (wanted === type) hold(world, visit, resource, check, done)
}

function hold(world: World, visit: Visit, resource: Json, check: ProfileCheck, done: Set<ProfileCheck>): void {
  if (done.has(check)) return
  done.add(check)
  world.rules.judgeProfile(world, visit, resource, check)
  for (const url of check.sheet.imposes ?? []) {
    const imposed = world.profileCheck(url, check.home)
    if (imposed) hold(world, visit, resource, imposed, done)
  }
}

function judgeDeclared(world: World, visit: Visit, resource: Json, demand: Demand, done: Set<ProfileCheck>): void {
  const meta = resource.meta as Json | undefined
  const declared = meta?.profile
  if (!Array.isArray(declared)) return
  for (let at = 0; at < declared.length; at++) {
    const url: unknown = declared[at]
    if (typeof url !== 'string') continue
    const check = world.profileCheck(url)
    if (check && world.library.isVersion(check, url)) {
      if (check.sheet.url === coreUrl + String(resource.resourceType)) continue
      hold(world, visit, resource, check, done)
    } else if (world.policy.unknownProfiles !== 'ignore') {
      visit.report(
        world.policy.unknownProfiles,
        'profile-unknown',
        `The profile ${url} is not at hand, so the resource was not held to it.`,
        demand,
        {
          actual: url,
          below: `meta.profile[${at}]`,
        },
      )
    }
  }
}
