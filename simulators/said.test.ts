import { describe, expect, test } from 'vitest'
import { bodyFrom } from './parts/chunks.ts'
import { Said } from './said.ts'

const headers = { 'content-type': 'application/fhir+json' }
const pieces = (n: number): string[] => Array.from({ length: n }, (_, i) => `${i} Äpfel\n`)
const long = pieces(20_000)

describe('what is said', () => {
  test('reads like any answer of Fetch, text or stream', async () => {
    for (const said of ['{"a":"ä"}', Buffer.from('{"a":"ä"}'), await bodyFrom(long)]) {
      const answer = new Said(said, { status: 201, headers })
      const text = typeof said === 'string' || Buffer.isBuffer(said) ? String(said) : long.join('')
      const copy = answer.clone()
      expect([copy.status, copy.headers.get('content-type')]).toEqual([201, headers['content-type']])
      expect(await copy.text()).toBe(text)
      answer.headers.set('etag', 'W/"1"')
      const recast = new Response(answer.body, answer)
      expect([recast.status, recast.headers.get('etag')]).toEqual([201, 'W/"1"'])
      expect(await recast.text()).toBe(text)
      expect(answer.bodyUsed).toBe(true)
      await expect(answer.text()).rejects.toThrow(TypeError)
    }
    expect(await new Said('{"a":1}', { headers }).json()).toEqual({ a: 1 })
    expect(Buffer.from(await new Said('ä', { headers }).bytes()).toString()).toBe('ä')
  })

  test('is read as Fetch would decode it', async () => {
    for (const text of ['\ufeff{"a":1}', '"\ud800"', '"😀"', ''])
      expect(await new Said(text, { headers }).text()).toBe(await new Response(text).text())
    await expect(new Said('', { headers }).json()).rejects.toThrow(SyntaxError)
    const twice = new Said('{}', { headers })
    await twice.json()
    expect([twice.bodyUsed, twice.take()]).toEqual([true, undefined])
    await expect(twice.json()).rejects.toThrow(TypeError)
    expect(() => twice.clone()).toThrow(TypeError)
  })

  test('is handed on once, and not when somebody looked', async () => {
    const answer = new Said('a', { headers })
    expect(answer.take()).toBe('a')
    expect(answer.take()).toBeUndefined()
    expect(answer.bodyUsed).toBe(true)
    await expect(answer.text()).rejects.toThrow(TypeError)
    const looked = new Said('a', { headers })
    await looked.text()
    expect(looked.take()).toBeUndefined()
    const copied = new Said('a', { headers })
    copied.clone()
    expect(copied.take()).toBe('a')
  })
})

describe('long answers', () => {
  const ended = (): { pieces: AsyncGenerator<string>; isOver: () => boolean } => {
    let over = false
    return {
      isOver: () => over,
      pieces: (async function* () {
        try {
          yield* long
        } finally {
          over = true
        }
      })(),
    }
  }

  test('come in large chunks, short ones as a text', async () => {
    expect(await bodyFrom(pieces(3))).toBe(pieces(3).join(''))
    expect(await bodyFrom([])).toBe('')
    const chunks = await bodyFrom(long)
    const sizes: number[] = []
    let text = ''
    for await (const chunk of chunks as AsyncIterable<string>) {
      sizes.push(chunk.length)
      text += chunk
    }
    expect(text).toBe(long.join(''))
    expect(sizes.slice(0, -1).every((size) => size >= 64 * 1024 && size < 65 * 1024)).toBe(true)
  })

  test('end their source when nobody reads on, and when nobody ever did', async () => {
    const begun = ended()
    for await (const _ of (await bodyFrom(begun.pieces)) as AsyncIterable<string>) break
    expect(begun.isOver()).toBe(true)
    const unread = ended()
    await ((await bodyFrom(unread.pieces)) as AsyncIterableIterator<string>).return?.()
    expect(unread.isOver()).toBe(true)
    const cancelled = ended()
    await new Said(await bodyFrom(cancelled.pieces), { headers }).body?.cancel()
    expect(cancelled.isOver()).toBe(true)
  })
})
