/** Where a certificate says that its revocation can be learned: CRL distribution points and OCSP responders. */
import { once } from '../harness/once.ts'
import { thumbprint } from '../harness/wire.ts'
import { extensionsOf, listsIn, respondersIn } from './extensions.ts'

export interface RevocationSources {
  readonly lists: readonly string[]
  readonly responders: readonly string[]
}

const known = new Map<string, RevocationSources>()

/** Only http and https: other schemes are nobody's business here. Each certificate is read once. */
export const revocationSources = (der: Uint8Array): RevocationSources =>
  once(known, thumbprint(der), () => readSources(der), 1000)

function readSources(der: Uint8Array): RevocationSources {
  const extensions = extensionsOf(der)
  const web = (urls: readonly string[]): string[] => urls.filter((url) => /^https?:/.test(url))
  return { lists: web(listsIn(extensions)), responders: web(respondersIn(extensions)) }
}
