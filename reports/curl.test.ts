import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Exchange } from '../harness/transcript.ts'
import { curlFor } from './curl.ts'

const request = (part: Partial<Exchange['request']>): Pick<Exchange, 'request' | 'tls'> => ({
  request: { method: 'GET', url: 'https://a.example/fhir/Patient', headers: [], body: '', ...part },
})
/** What curl would get from a shell. */
const argumentsOf = (command: string, variables: Readonly<Record<string, string>> = {}): string[] => {
  const { stdout, stderr } = spawnSync('sh', ['-c', `curl() { printf '%s\\0' "$@"; }\n${command}`], {
    encoding: 'utf8',
    env: { ...process.env, ...variables },
  })
  expect(stderr).toBe('')
  return stdout.split('\0').slice(0, -1)
}

describe.skipIf(process.platform === 'win32')('the command that repeats a request', () => {
  test('has everything that was sent, and variables for what was masked', () => {
    const { command, variables } = curlFor(
      {
        ...request({
          method: 'POST',
          headers: [
            ['Host', 'a.example'],
            ['Authorization', 'Bearer «access token 3f2a91c4»'],
            ['Content-Length', '9'],
          ],
          body: "it's $HOME",
        }),
        tls: { protocol: 'TLSv1.2', cipher: 'x', server: {} as never, client: {} as never },
      },
      's1-x1',
    )
    expect(variables).toEqual(['ACCESS_TOKEN_3F2A91C4'])
    expect(argumentsOf(command, { ACCESS_TOKEN_3F2A91C4: 's3cret' })).toEqual([
      '--request',
      'POST',
      '--url',
      'https://a.example/fhir/Patient',
      '--globoff',
      '--path-as-is',
      '--tls-max',
      '1.2',
      '--cacert',
      'roots.pem',
      '--cert',
      'client.pem',
      '--key',
      'client.key',
      '--header',
      'Authorization: Bearer s3cret',
      '--data-raw',
      "it's $HOME",
    ])
  })

  test('a long body goes to a file', () => {
    const { command, file } = curlFor(request({ method: 'POST', body: 'x'.repeat(5000) }), 's1-x2')
    expect(command).toContain('--data-binary @s1-x2-body.txt')
    expect(file).toEqual({ name: 's1-x2-body.txt', body: 'x'.repeat(5000) })
  })

  test('property: whatever is in address, header and body, the shell hands it on and runs nothing', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((value) => !/[«»]/.test(value) && !value.includes('\0'))
    fc.assert(
      fc.property(text, text, text, (url, value, body) => {
        const given = argumentsOf(curlFor(request({ url, headers: [['X', value]], body }), 'x').command)
        expect(given.slice(0, 4)).toEqual(['--request', 'GET', '--url', url])
        expect(given.slice(-4)).toEqual(['--header', `X: ${value}`, '--data-raw', body])
      }),
      {
        numRuns: 40,
        examples: [
          ["'; rm -rf /'", '`id`', '$(id)'],
          ['\n', '\\', "'"],
        ],
      },
    )
  })
})
