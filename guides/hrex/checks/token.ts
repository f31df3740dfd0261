/** HRex security: who asks is assured by one of the known ways, and tokens are tied to certificates (sec-11, sec-12, sec-16). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import { answered } from '../../../harness/transcript.ts'
import { judgeBinding, usesMutualTls } from '../../auth/checks/binding.ts'
import { objectIn, succeeded, tokenMoves } from '../../auth/oauth.ts'

export const assuresIdentity = check(
  'HREX-049',
  'SHOULD',
  'Identity is assured by SMART, mutual TLS, UDAP or backend services',
  (transcript) => {
    const documents = transcript.all(['smart-configuration', 'udap-configuration'])
    if (documents.some((x) => x.response?.status === 200 && objectIn(x.response))) return []
    const mutual = transcript.all(tokenMoves, { where: (x) => x.tls?.client !== undefined && succeeded(x) })
    if (mutual.length) return []
    if (documents.length === 0) return [undecided(undefined, 'nobody looked for discovery documents')]
    return [
      unmet(
        documents.at(-1),
        'not-assured',
        'neither SMART nor UDAP discovery resolves, and no token came over mutual TLS',
        {
          expected: 200,
          actual: documents.map((x) => answered(x).status),
        },
      ),
    ]
  },
)

export const tiesTokens = check(
  'HREX-050',
  'SHALL',
  "Tokens are tied to the client system's certificate",
  (transcript) => judgeBinding(transcript),
)

export const bindsTokens = check('HREX-054', 'SHALL', 'With mutual TLS a token cannot be shared', (transcript) => {
  const findings = judgeBinding(transcript)
  return usesMutualTls(transcript) ? findings : [undecided(undefined, 'the server does not use mutual TLS')]
})

export const tokenChecks: readonly Check[] = [assuresIdentity, tiesTokens, bindsTokens]
