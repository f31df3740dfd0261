/** An error keeps to the characters that RFC 6749 §5.2 has room for, whatever a client sent. */
import { expect, test } from 'vitest'
import { OAuthRefusal, refusalAnswer } from './oauth.ts'

test('a description holds no quotation mark, no backslash and nothing beyond ASCII', async () => {
  const answer = refusalAnswer(new OAuthRefusal('invalid_client_metadata', 'the method "b\\ä\nsic" is not offered'))
  expect(answer.status).toBe(400)
  expect(await answer.json()).toEqual({
    error: 'invalid_client_metadata',
    error_description: "the method 'b???sic' is not offered",
  })
})
