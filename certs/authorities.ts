/**
 * The authorities of the house, made at first use and kept in a folder: a root and an intermediate that the trust
 * community believes, and a pair of the same shape that it does not.
 */
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { certificateFrom, signedBy } from '../harness/certificates.ts'
import { HarnessError } from '../harness/errors.ts'
import { type Authority, authorityOf, authorityText, intermediateAuthority, rootAuthority } from './authority.ts'
import { readOrMake } from './cache.ts'
import { belongTogether, keysFromPem } from './keys.ts'

export interface Authorities {
  readonly root: Authority
  readonly intermediate: Authority
  /** Looks the same, is believed by nobody. */
  readonly rogueRoot: Authority
  readonly rogue: Authority
  /** PEM of the roots that a member of the community trusts. */
  readonly trusted: readonly string[]
}

const stored = z.object({ certificate: z.string(), key: z.string() })
const file = z.object({ format: z.literal(1), root: stored, intermediate: stored, rogueRoot: stored, rogue: stored })

const known = new Map<string, Promise<Authorities>>()

/** Those of that folder. Throws `file-trouble` when the folder cannot be used or its file is damaged. */
export function authorities(folder: string): Promise<Authorities> {
  const path = join(resolve(folder), 'authorities.json')
  let all = known.get(path)
  if (!all) {
    all = read(path, resolve(folder))
    known.set(path, all)
    // A failure is told once; the next caller tries again.
    all.catch(() => known.delete(path))
  }
  return all
}

async function read(path: string, folder: string): Promise<Authorities> {
  const text = await readOrMake(path, make)
  try {
    const kept = file.parse(JSON.parse(text))
    const root = await load(kept.root, undefined, folder)
    const rogueRoot = await load(kept.rogueRoot, undefined, folder)
    return {
      root,
      intermediate: await load(kept.intermediate, root, folder),
      rogueRoot,
      rogue: await load(kept.rogue, rogueRoot, folder),
      trusted: [root.pem],
    }
  } catch (cause) {
    throw new HarnessError('file-trouble', `the certificate authorities in ${path} are damaged`, {
      cause,
      remedy: `delete ${path}: new ones are made at the next start, and whoever trusted the old root must trust the new one`,
    })
  }
}

async function make(): Promise<string> {
  const root = await rootAuthority('CN=Vitruvian Root CA, O=Vitruvian Simulated Trust')
  const intermediate = await intermediateAuthority(root, 'CN=Vitruvian Issuing CA, O=Vitruvian Simulated Trust')
  const rogueRoot = await rootAuthority('CN=Roadside Root CA, O=Nobody You Know')
  const rogue = await intermediateAuthority(rogueRoot, 'CN=Roadside Issuing CA, O=Nobody You Know')
  const all = {
    format: 1,
    root: authorityText(root),
    intermediate: authorityText(intermediate),
    rogueRoot: authorityText(rogueRoot),
    rogue: authorityText(rogue),
  }
  return `${JSON.stringify(all, null, 2)}\n`
}

async function load(kept: z.infer<typeof stored>, above: Authority | undefined, folder: string): Promise<Authority> {
  const certificate = certificateFrom(kept.certificate)
  if (!belongTogether(kept.certificate, kept.key)) throw new Error(`the key of ${certificate.subject} is not its own`)
  const signer = above?.certificate ?? certificate
  if (!signedBy(certificate, signer.publicKey))
    throw new Error(`${certificate.subject} was not signed by ${signer.subject}`)
  return authorityOf(certificate.raw, await keysFromPem(kept.key), above, folder)
}
