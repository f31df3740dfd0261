/** The trust manager at work: verifying, endorsing, reviewing, revoking; and members that refresh their copy. */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { readEndpointBundle } from '../../../harness/endpoint-bundle.ts'
import { answered, type Exchange, json } from '../../../harness/transcript.ts'
import { isObject } from '../../core/received.ts'
import {
  endorsesThePayersKey,
  isAboutAgreement,
  isAboutCertificate,
  listsTheRevoked,
  mergesOnlyGoodBundles,
  refusesOnVerification,
  returnsBothCertificates,
} from '../onboarding.ts'
import { bundlesIn, newestCopy } from '../published.ts'

export const verifiesIdentity = check(
  'NDH-019',
  'IMPLIED',
  'The trust manager refuses an application whose certificate is wrong',
  (transcript) => refusesOnVerification(transcript, isAboutCertificate, 'certificate'),
)
export const verifiesAgreement = check(
  'NDH-020',
  'IMPLIED',
  'The trust manager refuses an application whose agreement is not signed with the key of the certificate',
  (transcript) => refusesOnVerification(transcript, isAboutAgreement, 'agreement'),
)
export const endorses = check(
  'NDH-021',
  'IMPLIED',
  "The trust manager signs the payer's certificate and returns it with its own",
  (transcript) => [...returnsBothCertificates(transcript), ...endorsesThePayersKey(transcript)],
)
export const reviews = check(
  'NDH-022',
  'IMPLIED',
  'The trust manager merges good bundles and keeps wrong ones off main',
  (transcript) => mergesOnlyGoodBundles(transcript),
)
export const revokes = check(
  'NDH-023',
  'IMPLIED',
  'A revoked member is on the revocation list and no longer on main',
  (transcript) => {
    const ended = transcript.last('revoke-membership', { where: ({ response }) => response?.status === 200 })
    const copies = transcript.all('refresh-repository', { where: (x) => after(x, ended) && x.response?.status === 200 })
    const copy = copies.at(-1)
    if (!copy) return [undecided(ended, 'nobody looked at main after the membership had ended')]
    const before = transcript
      .all('refresh-repository', { where: (x) => after(ended, x) && x.response?.status === 200 })
      .flatMap(bundlesIn)
    const gone = transcript.all('propose-bundle', { from: ended.intent.payer ?? '' }).at(-1)
    const proposed = gone && json(gone.request)
    const uris = isObject(proposed) ? readEndpointBundle(proposed as never).uris : []
    const lists = (bundles: ReturnType<typeof bundlesIn>): boolean =>
      bundles.some((bundle) => readEndpointBundle(bundle).uris.some((uri) => uris.includes(uri)))
    if (!lists(before)) return [undecided(copy, 'the member was not on main before')]
    const stays = lists(bundlesIn(copy))
      ? [unmet(copy, 'still-on-main', 'the bundle of the revoked member is still on main')]
      : []
    return [...stays, ...listsTheRevoked(transcript)]
  },
)

/** Was `one` sent after `other`? */
const after = (one: Exchange, other: Exchange): boolean => Number(one.id.slice(1)) > Number(other.id.slice(1))

export const refreshes = check(
  'NDH-024',
  'IMPLIED',
  'After a refresh a member connects to the address that main names now',
  (transcript, scene) => {
    const copy = newestCopy(transcript)
    const addresses = bundlesIn(copy).flatMap((bundle) => readEndpointBundle(bundle).address ?? [])
    const calls = transcript.all('handshake', {
      from: scene.requester,
      intent: { by: 'directory' },
      where: (x) => after(x, copy),
    })
    if (copy.from !== scene.requester) return [undecided(copy, 'the requesting payer has not refreshed its copy')]
    const earlier = transcript
      .all('refresh-repository', { from: scene.requester, where: (x) => x.response?.status === 200 && after(copy, x) })
      .flatMap(bundlesIn)
      .flatMap((bundle) => readEndpointBundle(bundle).address ?? [])
    const changed = earlier.some((address) => !addresses.includes(address))
    if (!changed) return [undecided(copy, 'nothing was changed or removed on main between two refreshes')]
    const stale = calls.filter((x) => !addresses.some((address) => x.request.url.startsWith(address)))
    return stale.map((x) =>
      unmet(x, 'stale-address', 'the member called an address that main does not name any more', {
        expected: addresses,
        actual: x.request.url,
      }),
    )
  },
)

export const offersUdap = check(
  'NDH-025',
  'SHOULD',
  'UDAP is offered, which PDex 2.2 prefers to mutual TLS',
  (transcript, scene) => {
    const asked = transcript.last('udap-configuration', { to: scene.responder })
    if (!/^2\.[2-9]/.test(scene.editions.pdex ?? ''))
      return [undecided(asked, 'before PDex 2.2 mutual TLS is not deprecated')]
    const { status: actual } = answered(asked)
    return actual === 200
      ? []
      : [unmet(asked, 'not-offered', 'only the deprecated way by mutual TLS is offered', { expected: 200, actual })]
  },
)

export const trustChecks: readonly Check[] = [
  verifiesIdentity,
  verifiesAgreement,
  endorses,
  reviews,
  revokes,
  refreshes,
  offersUdap,
]
export const trustUntested: Readonly<Record<string, string>> = {
  'NDH-026':
    'PDex keeps searches of the National Directory out of scope: no actor of the payer-to-payer exchange is such a directory',
}
