/**
 * The trust manager of a community (PDex trust framework): a desk for applications, the repository of endpoint bundles, and
 * the public authority that payers have their certificates from. Read each row as: who may ask, what answers.
 */
import type { Authorities } from '../certs/authorities.ts'
import type { Authority } from '../certs/authority.ts'
import { distinguishedName } from '../certs/distinguished-name.ts'
import { authorityByRequest } from '../certs/request.ts'
import type { Identity } from '../harness/actor.ts'
import type { Clock } from '../harness/clock.ts'
import type { Random } from '../harness/random.ts'
import { operator } from './guards/operator.ts'
import * as authority from './parts/trust-authority.ts'
import { members, revokeMember } from './parts/trust-members.ts'
import * as repo from './parts/trust-repository.ts'
import * as desk from './parts/trust-submissions.ts'
import { route, type Simulation } from './simulator.ts'
import { type Fetch, Revocations } from './state/revocations.ts'
import type { TrustManagerSettings, TrustManagerState } from './state/trust-manager-state.ts'
import { MergeRequests } from './state/trust-merge-requests.ts'
import { Repository } from './state/trust-repository.ts'
import { RevocationRegister } from './state/trust-revocations.ts'
import { Submissions } from './state/trust-submissions.ts'

export interface TrustManagerOptions {
  readonly clock: Clock
  readonly random: Random
  /** Name, URI and signing key of the trust manager; whoever drives its desk signs with that key. */
  readonly identity: Identity
  /** Absolute base of this tenant, no slash at the end. */
  readonly base: string
  readonly authorities: Authorities
  /** Its own authority, where it has one already; else the community's root grants one on request. */
  readonly own?: Authority
  /** For the revocation lists of other authorities. */
  readonly fetch?: Fetch | undefined
  readonly settings?: Partial<TrustManagerSettings> | undefined
  /** Where the bare git repository lies; in memory unless told. */
  readonly folder?: string | undefined
}

/** A trust manager with its own signing certificate, which the community's root grants on request. */
export async function trustManager(options: TrustManagerOptions): Promise<Simulation<TrustManagerState>> {
  const { clock, random, identity, base, authorities, folder } = options
  const own = options.own ?? (await authorityByRequest(authorities.root, distinguishedName(identity.name)))
  const state: TrustManagerState = {
    clock,
    identity,
    base,
    settings: { endorsement: 'reissue', ...options.settings },
    trusted: authorities.trusted,
    community: { authority: authorities.intermediate, revoked: new RevocationRegister(authorities.intermediate) },
    manager: { authority: own, revoked: new RevocationRegister(own) },
    submissions: new Submissions(random.fork('submissions')),
    mergeRequests: new MergeRequests(random.fork('merge-requests')),
    repository: new Repository({
      clock,
      owner: { name: identity.name, email: `trust@${new URL(identity.uri).hostname}` },
      welcome: `# ${identity.name}\n\nmTLS endpoint bundles of the members, one file each in bundles/.\n`,
      ...(folder ? { folder } : {}),
    }),
    revocations: new Revocations(clock, options.fetch, 0),
  }
  return { state, routes: routesOf(state, authorities) }
}

function routesOf(state: TrustManagerState, { root }: Authorities): Simulation<TrustManagerState>['routes'] {
  const own = [operator(state)]
  const { community, manager } = state
  const file = (path: string): ReturnType<typeof repo.clone> => repo.clone(state, () => path)
  return [
    route('POST', '/tm/submissions', [], desk.submit(state)),
    route('GET', '/tm/submissions/:id', [], desk.submission(state)),
    route('POST', '/tm/submissions/:id/verify', own, desk.verifySubmission(state)),
    route('POST', '/tm/submissions/:id/endorse', own, desk.endorse(state)),
    route('GET', '/tm/certificate', [], authority.certificates(manager.authority)),
    route('GET', '/tm/members', own, members(state)),
    route('POST', '/tm/members/:id/revoke', own, revokeMember(state)),
    route('GET', '/tm/crl', [], authority.list(manager)),
    route('POST', '/tm/ocsp', [], authority.ocspPost(manager)),
    route('GET', '/tm/ocsp/:request', [], authority.ocspGet(manager)),

    route('PUT', '/repo/branches/:branch/bundles/:file', [], repo.putBundle(state)),
    route('GET', '/repo/branches', [], repo.branches(state)),
    route('POST', '/repo/merge-requests', [], repo.requestMerge(state)),
    route('GET', '/repo/merge-requests', [], repo.mergeRequests(state)),
    route('GET', '/repo/merge-requests/:id', [], repo.mergeRequests(state)),
    route('POST', '/repo/merge-requests/:id/approve', own, repo.approve(state)),
    route('POST', '/repo/merge-requests/:id/reject', own, repo.reject(state)),
    route('GET', '/repo/main/bundles', [], repo.mainBundles(state)),
    route('GET', '/repo/main/bundles/:file', [], repo.mainBundle(state)),
    route('GET', '/repo.git/HEAD', [], file('HEAD')),
    route('GET', '/repo.git/info/refs', [], file('info/refs')),
    route('GET', '/repo.git/objects/info/packs', [], file('objects/info/packs')),
    route(
      'GET',
      '/repo.git/objects/:folder/:object',
      [],
      repo.clone(state, ({ folder, object }) => `objects/${folder}/${object}`),
    ),

    route('GET', '/ca/certificate', [], authority.certificates(community.authority, root.pem)),
    route('GET', '/ca/crl', [], authority.list(community)),
    route('GET', '/ca/crl/:shard', [], authority.list(community)),
    route('GET', '/ca/root/crl', [], authority.emptyList(root)),
    route('POST', '/ca/ocsp', [], authority.ocspPost(community)),
    route('GET', '/ca/ocsp/:request', [], authority.ocspGet(community)),
    route('POST', '/ca/requests', [], authority.enrol(state)),
    route('POST', '/ca/revocations', [], authority.revokeOwn(state)),
  ]
}
