import { expect, test } from 'vitest'
import { intermediateAuthority, rootAuthority } from '../../certs/authority.ts'
import { issue } from '../../certs/issue.ts'
import { certificatesIn } from '../../certs/keys.ts'
import { VirtualClock } from '../../harness/clock.ts'
import { certificateFacts } from '../../harness/tls-facts.ts'
import { Directory } from '../state/directory.ts'
import { mutualTls } from './mutual-tls.ts'

test('no certificate is 401, a stranger 403, a member comes through; OAuth endpoints say it in OAuth', async () => {
  const root = await rootAuthority('CN=Root')
  const authority = await intermediateAuthority(root, 'CN=Issuing')
  const uri = 'https://new-plan.example/payer'
  const { credentials } = await issue(authority, { subject: 'CN=New Plan', uris: [uri] })
  const certificate = certificateFacts(certificatesIn(credentials.cert))
  const directory = new Directory({ clock: new VirtualClock(new Date('2026-03-02')), trusted: [root.pem] })
  const guard = mutualTls({ directory })
  const ask = async (
    path: string,
    shown?: typeof certificate,
  ): Promise<[number, Record<string, unknown>] | undefined> => {
    const url = new URL(`https://127.0.0.1/t${path}`)
    const refusal = await guard(new Request(url), { url, params: {}, ...(shown ? { certificate: shown } : {}) })
    return refusal && [refusal.status, (await refusal.json()) as Record<string, unknown>]
  }
  expect(await ask('/fhir/metadata')).toMatchObject([401, { resourceType: 'OperationOutcome' }])
  expect(await ask('/auth/token')).toMatchObject([401, { error: 'invalid_client' }])
  expect(await ask('/fhir/metadata', certificate)).toMatchObject([
    403,
    { resourceType: 'OperationOutcome', issue: [{ code: 'forbidden' }] },
  ])
  expect(await ask('/auth/register', certificate)).toMatchObject([403, { error: 'access_denied' }])
  directory.admit({ name: 'New Plan', uri, identifier: { system: 'urn:x', value: '1' } })
  expect(await ask('/fhir/metadata', certificate)).toBeUndefined()
})
