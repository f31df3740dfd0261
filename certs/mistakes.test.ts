import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alternativeNames, inForce, isSelfSigned, sameKey } from '../harness/certificates.ts'
import { isHarnessError } from '../harness/errors.ts'
import { type Authorities, authorities } from './authorities.ts'
import { mistakenOf } from './identity.ts'
import { issue } from './issue.ts'
import { belongTogether } from './keys.ts'
import { mistakes, type Owner } from './mistakes.ts'
import { revocationSources } from './revocation-sources.ts'

let folder: string
let all: Authorities
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vitruvian-certs-'))
  all = await authorities(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const uri = 'https://new-plan.example/payer'
const around = { authority: 'https://trust.example/ca', another: 'https://old-plan.example/payer' }
/** Those that must have a key of their own, because that is what is wrong with them. */
const otherKey = ['that it never published', 'of nobody in the repository', 'with a short key']

describe.each(['ec', 'rsa'] as const)('with an %s key', (key) => {
  const owner = async (): Promise<Owner> => {
    const { credentials } = await issue(all.intermediate, { subject: 'CN=New Plan', uris: [uri], key })
    return { name: 'New Plan', uri, credentials }
  }
  test.each(Object.keys(mistakes))('%s', async (mistake) => {
    const member = await owner()
    const made = await mistakenOf(all, member)(mistake, around)
    if (mistake === 'without a certificate') {
      expect(made).toBeNull()
      return
    }
    const leaf = new X509Certificate(made?.cert ?? '')
    const own = new X509Certificate(member.credentials.cert)
    expect(belongTogether(made?.cert ?? '', made?.key ?? '')).toBe(true)
    expect(sameKey(leaf.publicKey, own.publicKey)).toBe(!otherKey.includes(mistake))
    const names = alternativeNames(leaf.subjectAltName, 'URI')
    const expected = mistake.startsWith('that names')
      ? mistake === 'that names another payer'
        ? [around.another]
        : []
      : mistake === 'of nobody in the repository'
        ? ['https://unlisted-plan.example/payer']
        : [uri]
    expect(names).toEqual(expected)
    const force = inForce(leaf, new Date('2026-03-02'))
    expect(force).toBe(
      mistake === 'that has expired' ? 'expired' : mistake === 'that is not valid yet' ? 'not-yet-valid' : 'yes',
    )
    expect(inForce(leaf, new Date())).toBe(force)
    expect(isSelfSigned(leaf)).toBe(mistake === 'signed by itself')
    const { lists, responders } = revocationSources(leaf.raw)
    expect([lists.length, responders.length]).toEqual([
      mistake === 'revoked by list' ? 1 : 0,
      mistake === 'revoked by OCSP' ? 1 : 0,
    ])
  })
})

test('what nobody can make is told', async () => {
  const { credentials } = await issue(all.intermediate, { subject: 'CN=New Plan', uris: [uri] })
  const make = mistakenOf(all, { name: 'New Plan', uri, credentials })
  await expect(make('on a napkin')).rejects.toSatisfy((error) => isHarnessError(error, 'internal'))
  await expect(make('revoked by list')).rejects.toSatisfy((error) => isHarnessError(error, 'cannot-set-up'))
  const odd = mistakenOf(all, { name: 'New Plan', uri, credentials: { ...credentials, key: 'no key' } })
  await expect(odd('that has expired')).rejects.toSatisfy((error) => isHarnessError(error, 'cannot-set-up'))
})
